#include "model/metrics/moving_average.h"

#include <cmath>

namespace tidegate::model {

MovingAverage::MovingAverage(absl::Duration window)
    : kept_(std::exp(-absl::FDivDuration(kTick, window))) {}

void MovingAverage::Tick(double events, int64_t quiet_ticks) {
  const double now = events / absl::ToDoubleSeconds(kTick);
  per_second_ = started_ ? kept_ * per_second_ + (1 - kept_) * now : now;
  started_ = true;
  per_second_ *= std::pow(kept_, static_cast<double>(quiet_ticks));
}

}  // namespace tidegate::model
