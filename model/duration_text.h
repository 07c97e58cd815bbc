// Durations as Prometheus and Loki print them.
#ifndef TIDEGATE_MODEL_DURATION_TEXT_H_
#define TIDEGATE_MODEL_DURATION_TEXT_H_

#include <cstdint>
#include <string>

namespace tidegate::model {

// "1h30m", "0s": largest unit first, years and weeks only where nothing is left over
// (prometheus/common's model.Duration). A minus in front of negative ones.
std::string DurationText(int64_t milliseconds);

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_DURATION_TEXT_H_
