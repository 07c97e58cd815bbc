#include "model/metrics/metrics_registry.h"

#include <chrono>

namespace tidegate::model {

absl::Duration SteadyNow() {
  return absl::FromChrono(std::chrono::steady_clock::now().time_since_epoch());
}

void Timer::Observe(double seconds) {
  const absl::Duration now = now_();
  buckets_->Observe(seconds);
  values_.Update(seconds, now);
  rates_.Mark(1, now);
}

void ValueHistogram::Observe(double value) {
  buckets_->Observe(value);
  values_.Update(value, now_());
}

void Meter::Mark(uint64_t events) {
  counter_->Increment(static_cast<double>(events));
  rates_.Mark(events, now_());
}

Timer& MetricsRegistry::AddTimer(const std::string& name, const std::string& help,
                                 const Buckets& buckets, const prometheus::Labels& labels) {
  auto& family = prometheus::BuildHistogram().Name(name).Help(help).Register(*this);
  absl::MutexLock lock(&mutex_);
  return timers_.try_emplace({name, labels}, &family.Add(labels, buckets), now_, NextSeed())
      .first->second;
}

ValueHistogram& MetricsRegistry::AddHistogram(const std::string& name, const std::string& help,
                                              const Buckets& buckets,
                                              const prometheus::Labels& labels) {
  auto& family = prometheus::BuildHistogram().Name(name).Help(help).Register(*this);
  absl::MutexLock lock(&mutex_);
  return histograms_.try_emplace({name, labels}, &family.Add(labels, buckets), now_, NextSeed())
      .first->second;
}

Meter& MetricsRegistry::AddMeter(const std::string& name, const std::string& help,
                                 const prometheus::Labels& labels) {
  auto& family = prometheus::BuildCounter().Name(name).Help(help).Register(*this);
  absl::MutexLock lock(&mutex_);
  return meters_.try_emplace({name, labels}, &family.Add(labels), now_).first->second;
}

void MetricsRegistry::OnCollect(std::function<void()> refresh) {
  absl::MutexLock lock(&refresh_mutex_);
  refreshes_.push_back(std::move(refresh));
}

std::vector<prometheus::MetricFamily> MetricsRegistry::Collect() const {
  {
    absl::MutexLock lock(&refresh_mutex_);
    for (const auto& refresh : refreshes_) refresh();
  }
  return prometheus::Registry::Collect();
}

}  // namespace tidegate::model
