// What the ruler tells about itself.
#ifndef TIDEGATE_CONTROL_RULES_EVALUATION_RULE_METRICS_H_
#define TIDEGATE_CONTROL_RULES_EVALUATION_RULE_METRICS_H_

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>

#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "model/metrics/metrics_registry.h"

namespace tidegate::control {

// Thread safe. Per tenant; groups and rules are counted, not named.
class RuleMetrics {
 public:
  explicit RuleMetrics(model::MetricsRegistry* registry);

  void RuleEvaluated(const std::string& tenant, bool ok, absl::Duration took);
  void GroupEvaluated(absl::Duration took);
  // A point of a group's schedule has come, and `missed` before it were passed over.
  void GroupDue(const std::string& tenant, uint64_t missed);
  void SetSizes(size_t groups, size_t rules);

 private:
  prometheus::Family<prometheus::Counter>& evaluations_;
  prometheus::Family<prometheus::Counter>& failures_;
  prometheus::Family<prometheus::Counter>& iterations_;
  prometheus::Family<prometheus::Counter>& missed_;
  model::Timer& rule_seconds_;
  model::Timer& group_seconds_;
  prometheus::Gauge& groups_;
  prometheus::Gauge& rules_;
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_RULES_EVALUATION_RULE_METRICS_H_
