// The registry of a process' own metrics.
#ifndef TIDEGATE_MODEL_METRICS_METRICS_REGISTRY_H_
#define TIDEGATE_MODEL_METRICS_METRICS_REGISTRY_H_

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "model/metrics/decaying_reservoir.h"
#include "model/metrics/event_rates.h"

namespace tidegate::model {

// A reading of a clock that never goes back; its zero does not matter.
using MonotonicReading = std::function<absl::Duration()>;
absl::Duration SteadyNow();

// Counts durations: buckets for Prometheus, a reservoir and rates for MicroProfile. Thread safe;
// lives as long as its registry.
class Timer {
 public:
  Timer(prometheus::Histogram* buckets, MonotonicReading now, uint64_t seed)
      : buckets_(buckets), now_(std::move(now)), values_(seed, now_()), rates_(now_()) {}

  void Observe(double seconds);

  ValueFigures Seconds() const { return values_.Figures(); }
  RateFigures Rates() { return rates_.Figures(now_()); }

 private:
  prometheus::Histogram* const buckets_;
  const MonotonicReading now_;
  DecayingReservoir values_;
  EventRates rates_;
};

// Counts values that are no durations, in the same ways, but for rates. Thread safe.
class ValueHistogram {
 public:
  ValueHistogram(prometheus::Histogram* buckets, MonotonicReading now, uint64_t seed)
      : buckets_(buckets), now_(std::move(now)), values_(seed, now_()) {}

  void Observe(double value);

  ValueFigures Values() const { return values_.Figures(); }

 private:
  prometheus::Histogram* const buckets_;
  const MonotonicReading now_;
  DecayingReservoir values_;
};

// A counter that knows how fast it grows. Thread safe.
class Meter {
 public:
  Meter(prometheus::Counter* counter, MonotonicReading now)
      : counter_(counter), now_(std::move(now)), rates_(now_()) {}

  void Mark(uint64_t events);

  uint64_t Count() { return Rates().count; }
  RateFigures Rates() { return rates_.Figures(now_()); }

 private:
  prometheus::Counter* const counter_;
  const MonotonicReading now_;
  EventRates rates_;
};

// Everything that components count: counters, gauges and bucketed histograms as prometheus-cpp has
// them, and timers, histograms and meters, which are there in both ways. Thread safe; what it hands
// out lives as long as it does.
class MetricsRegistry : public prometheus::Registry {
 public:
  using Buckets = prometheus::Histogram::BucketBoundaries;

  // The name and the labels that a metric has in Prometheus.
  using Id = std::pair<std::string, prometheus::Labels>;

  explicit MetricsRegistry(MonotonicReading now = SteadyNow) : now_(std::move(now)) {}

  // Names end in _seconds, in a unit, and in _total. The same for the same name and labels.
  Timer& AddTimer(const std::string& name, const std::string& help, const Buckets& buckets,
                  const prometheus::Labels& labels = {});
  ValueHistogram& AddHistogram(const std::string& name, const std::string& help,
                               const Buckets& buckets, const prometheus::Labels& labels = {});
  Meter& AddMeter(const std::string& name, const std::string& help,
                  const prometheus::Labels& labels = {});

  // Called before every reading, for gauges that show what others know. What it uses must outlive
  // the last Collect.
  void OnCollect(std::function<void()> refresh);

  // All of it as prometheus-cpp has it.
  std::vector<prometheus::MetricFamily> Collect() const override;

  // Calls visit(const Id&, Timer&) and so on for each, ordered by kind, name and labels.
  template <typename Visit>
  void VisitSampled(const Visit& visit) {
    absl::MutexLock lock(&mutex_);
    for (auto& [id, timer] : timers_) visit(id, timer);
    for (auto& [id, histogram] : histograms_) visit(id, histogram);
    for (auto& [id, meter] : meters_) visit(id, meter);
  }

 private:
  uint64_t NextSeed() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return ++seeds_; }

  const MonotonicReading now_;
  mutable absl::Mutex mutex_;
  uint64_t seeds_ ABSL_GUARDED_BY(mutex_) = 0;
  // Nodes, because references are handed out.
  std::map<Id, Timer> timers_ ABSL_GUARDED_BY(mutex_);
  std::map<Id, ValueHistogram> histograms_ ABSL_GUARDED_BY(mutex_);
  std::map<Id, Meter> meters_ ABSL_GUARDED_BY(mutex_);
  // One reading at a time: the functions need not be thread safe.
  mutable absl::Mutex refresh_mutex_;
  std::vector<std::function<void()>> refreshes_ ABSL_GUARDED_BY(refresh_mutex_);
};

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_METRICS_METRICS_REGISTRY_H_
