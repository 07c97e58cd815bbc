#include "control/rules/evaluation/rule_metrics.h"

#include "model/metrics/metrics_registry.h"

namespace tidegate::control {
namespace {

const prometheus::Histogram::BucketBoundaries kSeconds = {0.001, 0.01, 0.1, 1, 10, 60};

prometheus::Family<prometheus::Counter>& Counter(model::MetricsRegistry* registry, const char* name,
                                                 const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(*registry);
}

prometheus::Gauge& Gauge(model::MetricsRegistry* registry, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(*registry).Add({});
}

}  // namespace

RuleMetrics::RuleMetrics(model::MetricsRegistry* registry)
    : evaluations_(Counter(registry, "tidegate_rule_evaluations_total", "Rules evaluated.")),
      failures_(Counter(registry, "tidegate_rule_evaluation_failures_total",
                        "Rules whose evaluation failed, or whose result was not stored.")),
      iterations_(
          Counter(registry, "tidegate_rule_group_iterations_total",
                  "Points of rule groups' schedules that have come, missed ones included.")),
      missed_(Counter(registry, "tidegate_rule_group_iterations_missed_total",
                      "Points of rule groups' schedules that were passed over: the group or the "
                      "process was too slow.")),
      rule_seconds_(registry->AddTimer("tidegate_rule_evaluation_duration_seconds",
                                       "Time from a rule's query to its samples being stored.",
                                       kSeconds)),
      group_seconds_(registry->AddTimer("tidegate_rule_group_duration_seconds",
                                        "Time that all rules of a group took.", kSeconds)),
      groups_(Gauge(registry, "tidegate_rule_groups", "Rule groups that are evaluated here.")),
      rules_(Gauge(registry, "tidegate_rules", "Rules in those groups.")) {}

void RuleMetrics::RuleEvaluated(const std::string& tenant, bool ok, absl::Duration took) {
  evaluations_.Add({{"tenant", tenant}}).Increment();
  if (!ok) failures_.Add({{"tenant", tenant}}).Increment();
  rule_seconds_.Observe(absl::ToDoubleSeconds(took));
}

void RuleMetrics::GroupEvaluated(absl::Duration took) {
  group_seconds_.Observe(absl::ToDoubleSeconds(took));
}

void RuleMetrics::GroupDue(const std::string& tenant, uint64_t missed) {
  iterations_.Add({{"tenant", tenant}}).Increment(static_cast<double>(missed + 1));
  missed_.Add({{"tenant", tenant}}).Increment(static_cast<double>(missed));
}

void RuleMetrics::SetSizes(size_t groups, size_t rules) {
  groups_.Set(static_cast<double>(groups));
  rules_.Set(static_cast<double>(rules));
}

}  // namespace tidegate::control
