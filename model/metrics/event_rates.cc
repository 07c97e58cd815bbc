#include "model/metrics/event_rates.h"

#include <utility>

namespace tidegate::model {

void EventRates::Mark(uint64_t events, absl::Duration now) {
  absl::MutexLock lock(&mutex_);
  CatchUp(now);
  count_ += events;
  since_tick_ += events;
}

RateFigures EventRates::Figures(absl::Duration now) {
  absl::MutexLock lock(&mutex_);
  CatchUp(now);
  RateFigures figures;
  figures.count = count_;
  if (now > start_)
    figures.mean = static_cast<double>(count_) / absl::ToDoubleSeconds(now - start_);
  figures.one_minute = one_minute_.PerSecond();
  figures.five_minutes = five_minutes_.PerSecond();
  figures.fifteen_minutes = fifteen_minutes_.PerSecond();
  return figures;
}

void EventRates::CatchUp(absl::Duration now) {
  absl::Duration rest;
  const int64_t ticks = absl::IDivDuration(now - last_tick_, MovingAverage::kTick, &rest);
  if (ticks < 1) return;
  last_tick_ = now - rest;
  const auto events = static_cast<double>(std::exchange(since_tick_, 0));
  for (MovingAverage* average : {&one_minute_, &five_minutes_, &fifteen_minutes_}) {
    average->Tick(events, ticks - 1);
  }
}

}  // namespace tidegate::model
