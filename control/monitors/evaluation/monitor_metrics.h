// What evaluation and notification tell about themselves.
#ifndef TIDEGATE_CONTROL_MONITORS_EVALUATION_MONITOR_METRICS_H_
#define TIDEGATE_CONTROL_MONITORS_EVALUATION_MONITOR_METRICS_H_

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <cstdint>
#include <string>

#include "absl/time/time.h"

namespace tidegate::control {

// Thread safe.
class MonitorMetrics {
 public:
  // The registry must outlive it.
  explicit MonitorMetrics(prometheus::Registry* registry);

  void Evaluated(const std::string& tenant, bool ok);
  void RoundPlayed(absl::Duration took) { seconds_.Observe(absl::ToDoubleSeconds(took)); }
  void Missed(const std::string& tenant, uint64_t rounds);
  // `change`: "open", "change", "close", "remind", "postpone".
  void Alerts(const std::string& tenant, const char* change, uint64_t count);
  // `outcome`: "sent", "failed" (tried again later), "dropped".
  void Notified(const std::string& tenant, const char* outcome);
  void SetMonitors(size_t count) { monitors_.Set(static_cast<double>(count)); }

 private:
  prometheus::Family<prometheus::Counter>& evaluations_;
  prometheus::Family<prometheus::Counter>& failures_;
  prometheus::Family<prometheus::Counter>& missed_;
  prometheus::Family<prometheus::Counter>& alerts_;
  prometheus::Family<prometheus::Counter>& notifications_;
  prometheus::Histogram& seconds_;
  prometheus::Gauge& monitors_;
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_EVALUATION_MONITOR_METRICS_H_
