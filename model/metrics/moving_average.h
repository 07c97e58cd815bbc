// A rate of events as an exponentially weighted moving average.
#ifndef TIDEGATE_MODEL_METRICS_MOVING_AVERAGE_H_
#define TIDEGATE_MODEL_METRICS_MOVING_AVERAGE_H_

#include "absl/time/time.h"

namespace tidegate::model {

// Takes in one number of events for each tick of five seconds, as the load average of Unix does
// with its processes. Owned by one thread.
class MovingAverage {
 public:
  static constexpr absl::Duration kTick = absl::Seconds(5);

  // `window`: events so long ago have lost all but 1/e of their weight.
  explicit MovingAverage(absl::Duration window);

  // One tick with so many events, then `quiet_ticks` ticks without any. The first tick ever sets
  // the rate, later ones move it.
  void Tick(double events, int64_t quiet_ticks);

  // Events a second; 0 before the first tick.
  double PerSecond() const { return per_second_; }

 private:
  const double kept_;  // Share of the old rate that a tick keeps.
  bool started_ = false;
  double per_second_ = 0;
};

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_METRICS_MOVING_AVERAGE_H_
