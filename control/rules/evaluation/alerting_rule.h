// The alerts of one rule, from result to result.
#ifndef TIDEGATE_CONTROL_RULES_EVALUATION_ALERTING_RULE_H_
#define TIDEGATE_CONTROL_RULES_EVALUATION_ALERTING_RULE_H_

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "control/ruler.h"
#include "control/rules/definition/rule_spec.h"
#include "control/rules/evaluation/rule_io.h"
#include "query/rule_template.h"

namespace tidegate::control {

// One instance of an alert. InfinitePast: has not happened.
struct Alert {
  AlertState state = AlertState::kPending;
  model::Labels labels;
  TextMap annotations;
  double value = 0;
  absl::Time active_at;
  absl::Time fired_at = absl::InfinitePast();
  absl::Time resolved_at = absl::InfinitePast();
  absl::Time last_sent_at = absl::InfinitePast();
  absl::Time valid_until = absl::InfinitePast();
  absl::Time keep_firing_since = absl::InfinitePast();
};

// What templates of a rule may look at beside the sample.
struct AlertSurroundings {
  model::Labels external_labels;
  std::string external_url;
  std::function<absl::StatusOr<std::vector<query::TemplateSample>>(const std::string&)> query;
};

// State machine of the alerts of one rule: prometheus/rules/alerting.go of version 3. Owned by one
// thread.
class AlertingRule {
 public:
  // A valid alerting rule, with the group's labels in it. Alerts of a rule that is not `restored`
  // are not written until Restored().
  AlertingRule(const RuleSpec& spec, bool restored);

  // A resolved alert is told about so long.
  static constexpr absl::Duration kResolvedRetention = absl::Minutes(15);

  // Takes the result of its expression at `time`. InvalidArgument with Prometheus' text when two
  // samples become the same alert or there are more than `limit` (0 = any number); alerts are
  // forgotten beyond the limit.
  absl::Status Take(const std::vector<RuleSample>& result, absl::Time time, uint64_t limit,
                    const AlertSurroundings& surroundings);

  // ALERTS and ALERTS_FOR_STATE at this timestamp, of all that are pending or firing.
  std::vector<RuleSample> Samples(model::TimestampMs timestamp) const;

  // Those that Alertmanager is to be told about now: new, not told for `resend_delay`, resolved.
  // They count as told.
  std::vector<Alert> TakeDue(absl::Time time, absl::Duration resend_delay, absl::Duration interval);

  // The alerts go on as if they were this rule's.
  void CopyState(const AlertingRule& from) { active_ = from.active_; }
  bool restored() const { return restored_; }
  void Restored() { restored_ = true; }

  // Pending, firing, resolved; by label bytes.
  std::map<std::string, Alert>& active() { return active_; }
  std::vector<AlertStatus> Statuses() const;
  const RuleSpec& spec() const { return spec_; }

 private:
  absl::Status Expand(const std::vector<RuleSample>& result, absl::Time time,
                      const AlertSurroundings& surroundings,
                      std::map<std::string, Alert>* alerts) const;
  // One that is not in the result any more. False when it is gone.
  bool Leave(absl::Time time, Alert* alert) const;

  const RuleSpec spec_;
  std::vector<std::pair<std::string, query::RuleTemplate>> labels_;
  std::vector<std::pair<std::string, query::RuleTemplate>> annotations_;
  bool restored_;
  std::map<std::string, Alert> active_;
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_RULES_EVALUATION_ALERTING_RULE_H_
