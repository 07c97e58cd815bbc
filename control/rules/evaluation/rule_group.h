// A group at work: its rules, evaluated one after the other.
#ifndef TIDEGATE_CONTROL_RULES_EVALUATION_RULE_GROUP_H_
#define TIDEGATE_CONTROL_RULES_EVALUATION_RULE_GROUP_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "control/ruler.h"
#include "control/rules/definition/rule_spec.h"
#include "control/rules/evaluation/alerting_rule.h"
#include "control/rules/evaluation/for_state.h"
#include "control/rules/evaluation/rule_io.h"
#include "control/rules/evaluation/rule_metrics.h"

namespace tidegate::control {

// What all groups of a process share.
struct RuleEnvironment {
  RuleQueries* queries = nullptr;
  RuleWriter* writer = nullptr;
  AlertSink* alerts = nullptr;  // Null: nobody is told.
  RuleMetrics* metrics = nullptr;
  absl::Duration default_interval = absl::Minutes(1);
  absl::Duration default_query_offset;
  absl::Duration catch_up = absl::Minutes(1);      // How late a point may still be evaluated.
  absl::Duration resend_delay = absl::Minutes(1);  // Between two notices of a firing alert.
  std::string external_url;
  ForStateOptions for_state;
};

// Whose group, and from where: what tells groups apart.
struct RuleGroupKey {
  std::string tenant;
  std::string file;  // A path, or a namespace.
  std::string name;
  query::RuleLanguage language = query::RuleLanguage::kPromQl;
  friend auto operator<=>(const RuleGroupKey&, const RuleGroupKey&) = default;
};

// Thread safe: evaluations exclude each other, and Status() does not wait for them.
class RuleGroup {
 public:
  // The environment must outlive it. With `restore`, alerts are held back until their 'for' state
  // has been read back behind the second evaluation.
  RuleGroup(RuleGroupKey key, RuleGroupSpec spec, model::Labels external_labels, bool restore,
            const RuleEnvironment* environment);

  // Takes over alerts and series of an earlier version of the group, rule by rule of the same name
  // and labels. Series of rules that are gone get stale markers at the next evaluation. Waits for a
  // running evaluation of `from`.
  void CopyState(RuleGroup* from);

  // Evaluates all rules in order, as of `time`. What a rule writes can be read by the next. False:
  // querier or ingester did not answer for some; the same time can be evaluated again.
  bool Evaluate(absl::Time time);

  // Writes stale markers for everything that the last evaluation wrote. For groups that are gone.
  void Retire(absl::Time time);

  std::shared_ptr<const RuleGroupStatus> Status() const;
  const RuleGroupKey& key() const { return key_; }
  const RuleGroupSpec& spec() const { return spec_; }
  const model::Labels& external_labels() const { return external_labels_; }
  absl::Duration interval() const { return interval_; }

 private:
  using SeriesSet = std::map<std::string, model::Labels>;  // By label bytes.

  struct Rule {
    RuleSpec spec;                           // With the group's labels.
    std::unique_ptr<AlertingRule> alerting;  // Null: recording.
    SeriesSet series;                        // Written by the last evaluation.
    RuleHealth health = RuleHealth::kUnknown;
    std::string last_error;
    absl::Duration evaluation_time;
    absl::Time last_evaluation = absl::InfinitePast();
  };

  absl::Duration QueryOffset() const;
  absl::Status EvaluateRule(absl::Time time, Rule* rule) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status RunRule(absl::Time time, Rule* rule) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<std::vector<RuleSample>> Compute(absl::Time time, Rule* rule)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Notify(absl::Time time, Rule* rule) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  AlertSurroundings Surroundings(absl::Time time) const;
  void WriteStaleMarkers(absl::Time time) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Restore(absl::Time time) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Publish() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const RuleGroupKey key_;
  const RuleGroupSpec spec_;
  const model::Labels external_labels_;
  const RuleEnvironment& environment_;
  const absl::Duration interval_;

  absl::Mutex mutex_;  // Of evaluations.
  std::vector<Rule> rules_ ABSL_GUARDED_BY(mutex_);
  SeriesSet gone_ ABSL_GUARDED_BY(mutex_);  // Of rules that are no more.
  bool restore_ ABSL_GUARDED_BY(mutex_);
  int evaluations_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Duration evaluation_time_ ABSL_GUARDED_BY(mutex_);
  absl::Time last_evaluation_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();

  mutable absl::Mutex status_mutex_;
  std::shared_ptr<const RuleGroupStatus> status_ ABSL_GUARDED_BY(status_mutex_);
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_RULES_EVALUATION_RULE_GROUP_H_
