// Durations and sizes as people write them in configuration files and flags.
#ifndef TIDEGATE_MODEL_CONFIG_DURATION_H_
#define TIDEGATE_MODEL_CONFIG_DURATION_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace tidegate::model {

// Prometheus' form: `0`, or numbers with the units ms, s, m, h, d, w, y, largest first, each at
// most once ("1h30m", "30d"). InvalidArgument otherwise, or beyond about 292 years.
absl::StatusOr<absl::Duration> ParseDuration(std::string_view text);

// Bytes: a number with an optional unit B, KB, MB, GB, TB (powers of 1024; KiB and the like mean
// the same). InvalidArgument otherwise.
absl::StatusOr<uint64_t> ParseBytes(std::string_view text);

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_CONFIG_DURATION_H_
