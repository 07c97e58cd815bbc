// How often something happens: since the start, and lately.
#ifndef TIDEGATE_MODEL_METRICS_EVENT_RATES_H_
#define TIDEGATE_MODEL_METRICS_EVENT_RATES_H_

#include <cstdint>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "model/metrics/moving_average.h"

namespace tidegate::model {

// Events a second, but for the count.
struct RateFigures {
  uint64_t count = 0;
  double mean = 0;  // Since the start.
  double one_minute = 0;
  double five_minutes = 0;
  double fifteen_minutes = 0;
};

// Thread safe. Times are readings of a monotonic clock whose zero does not matter; an earlier one
// than before counts as the latest.
class EventRates {
 public:
  explicit EventRates(absl::Duration now) : start_(now), last_tick_(now) {}

  void Mark(uint64_t events, absl::Duration now);
  RateFigures Figures(absl::Duration now);

 private:
  // Ticks that have passed; what happened since the last of them waits for the next.
  void CatchUp(absl::Duration now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const absl::Duration start_;
  absl::Mutex mutex_;
  absl::Duration last_tick_ ABSL_GUARDED_BY(mutex_);
  uint64_t count_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t since_tick_ ABSL_GUARDED_BY(mutex_) = 0;
  MovingAverage one_minute_ ABSL_GUARDED_BY(mutex_){absl::Minutes(1)};
  MovingAverage five_minutes_ ABSL_GUARDED_BY(mutex_){absl::Minutes(5)};
  MovingAverage fifteen_minutes_ ABSL_GUARDED_BY(mutex_){absl::Minutes(15)};
};

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_METRICS_EVENT_RATES_H_
