// Times of log entries among times of samples.
#ifndef TIDEGATE_STORAGE_HEAD_LOG_TIME_H_
#define TIDEGATE_STORAGE_HEAD_LOG_TIME_H_

#include "model/log_entry.h"
#include "model/sample.h"

namespace tidegate::storage::head {

// The millisecond that a nanosecond lies in; rounds towards minus infinity.
inline model::TimestampMs ToMillis(model::TimestampNs timestamp) {
  constexpr model::TimestampNs kNanosPerMilli = 1'000'000;
  const model::TimestampMs millis = timestamp / kNanosPerMilli;
  return timestamp % kNanosPerMilli < 0 ? millis - 1 : millis;
}

}  // namespace tidegate::storage::head

#endif  // TIDEGATE_STORAGE_HEAD_LOG_TIME_H_
