#include "control/monitors/evaluation/monitor_metrics.h"

namespace tidegate::control {
namespace {

prometheus::Family<prometheus::Counter>& Counter(prometheus::Registry* registry, const char* name,
                                                 const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(*registry);
}

}  // namespace

MonitorMetrics::MonitorMetrics(prometheus::Registry* registry)
    : evaluations_(Counter(registry, "tidegate_monitor_evaluations_total",
                           "Monitors evaluated, each once a minute.")),
      failures_(Counter(registry, "tidegate_monitor_evaluation_failures_total",
                        "Monitors whose values could not be asked, or that cannot be judged.")),
      missed_(Counter(registry, "tidegate_monitor_rounds_missed_total",
                      "Minutes that were passed over: the process was away or too slow.")),
      alerts_(Counter(registry, "tidegate_monitor_alerts_total", "What happened to alerts.")),
      notifications_(Counter(registry, "tidegate_monitor_notifications_total",
                             "Notifications of alerts, by outcome.")),
      seconds_(prometheus::BuildHistogram()
                   .Name("tidegate_monitor_round_duration_seconds")
                   .Help("Time that one minute of one tenant took.")
                   .Register(*registry)
                   .Add({}, prometheus::Histogram::BucketBoundaries{0.001, 0.01, 0.1, 1, 10, 60})),
      monitors_(prometheus::BuildGauge()
                    .Name("tidegate_monitors")
                    .Help("Monitors that are evaluated here.")
                    .Register(*registry)
                    .Add({})) {}

void MonitorMetrics::Evaluated(const std::string& tenant, bool ok) {
  evaluations_.Add({{"tenant", tenant}}).Increment();
  if (!ok) failures_.Add({{"tenant", tenant}}).Increment();
}

void MonitorMetrics::Missed(const std::string& tenant, uint64_t rounds) {
  if (rounds > 0) missed_.Add({{"tenant", tenant}}).Increment(static_cast<double>(rounds));
}

void MonitorMetrics::Alerts(const std::string& tenant, const char* change, uint64_t count) {
  if (count == 0) return;
  alerts_.Add({{"tenant", tenant}, {"change", change}}).Increment(static_cast<double>(count));
}

void MonitorMetrics::Notified(const std::string& tenant, const char* outcome) {
  notifications_.Add({{"tenant", tenant}, {"outcome", outcome}}).Increment();
}

}  // namespace tidegate::control
