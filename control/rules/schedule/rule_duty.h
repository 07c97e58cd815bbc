// Evaluating rules, as a duty of the active process.
#ifndef TIDEGATE_CONTROL_RULES_SCHEDULE_RULE_DUTY_H_
#define TIDEGATE_CONTROL_RULES_SCHEDULE_RULE_DUTY_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "control/lease/duties.h"
#include "control/lease/lease.h"
#include "control/limits/limit_guard.h"
#include "control/ruler.h"
#include "control/rules/evaluation/engine_queries.h"
#include "control/rules/evaluation/ingester_writer.h"
#include "control/rules/schedule/rule_runner.h"
#include "control/rules/sources/rule_source.h"
#include "model/config/rules_config.h"

namespace tidegate::control {

// Everything must outlive the duty.
struct RuleDutyParts {
  query::QueryService* queries = nullptr;
  query::LogQueryService* log_queries = nullptr;
  ingest::Ingester* ingester = nullptr;
  storage::Documents* documents = nullptr;
  const model::Clock* clock = nullptr;
  RuleMetrics* metrics = nullptr;
  AlertSink* alerts = nullptr;  // Null: nobody is told.
  Lease* lease = nullptr;       // Under which this process is the active one.
  // Groups are not evaluated more often than their tenant's min_rule_interval. Null: no limits.
  const LimitGuard* limits = nullptr;
};

// Brings the groups of files and documents to a runner while this process is the active one. The
// duty's methods belong to one thread; the rest is thread safe. What the last active process had
// not evaluated when it died is made up for (RuleBacklog).
class RuleDuty final : public Duty {
 public:
  RuleDuty(const RuleDutyParts& parts, model::RulesConfig config);

  // Files and alerting from now on; the other settings from the next time that this process becomes
  // the active one.
  void SetConfig(model::RulesConfig config);

  bool HasWork() override;
  void Begin() override;
  void Continue() override;
  void End() override;

  // Unavailable while another process is the active one.
  absl::StatusOr<RuleGroupStatuses> Groups(const std::string& tenant);

 private:
  // Of the time while this process is active. Members in order of dependence.
  struct Running {
    Running(const RuleDutyParts& parts, const model::RulesConfig& config, RuleBacklog backlog);
    EngineQueries queries;
    IngesterWriter writer;
    RuleEnvironment environment;
    RuleRunner runner;
  };

  // Nothing while it cannot be told where the last active process ended.
  void Start();
  void WriteProgress(const RuleRunner& runner);
  std::vector<RunnableGroup> Runnable();
  bool HaveLimitsChanged() const;
  std::shared_ptr<Running> running();

  const RuleDutyParts parts_;
  RuleFileSource files_;
  RuleDocumentSource documents_;
  model::RulesConfig config_;  // Of the duty's thread.
  bool applied_ = false;       // To the runner, with these least intervals:
  std::map<std::string, absl::Duration> least_intervals_;
  absl::Time progress_ = absl::InfinitePast();  // As it is written.

  absl::Mutex mutex_;
  std::unique_ptr<model::RulesConfig> next_config_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<Running> running_ ABSL_GUARDED_BY(mutex_);  // While active.
  bool has_work_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_RULES_SCHEDULE_RULE_DUTY_H_
