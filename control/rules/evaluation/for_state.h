// How long alerts had been pending before a restart: read back from ALERTS_FOR_STATE.
#ifndef TIDEGATE_CONTROL_RULES_EVALUATION_FOR_STATE_H_
#define TIDEGATE_CONTROL_RULES_EVALUATION_FOR_STATE_H_

#include <string>

#include "absl/time/time.h"
#include "control/rules/evaluation/alerting_rule.h"
#include "control/rules/evaluation/rule_io.h"

namespace tidegate::control {

struct ForStateOptions {
  absl::Duration outage_tolerance = absl::Hours(1);  // What was written longer ago does not count.
  // An alert that is restored fires this long after the restart at the earliest, and rules that
  // wait no longer than that are not restored.
  absl::Duration grace_period = absl::Minutes(10);
};

// When an alert has become active, seen from a restart. `last_written` is the time of its last
// sample, `active_at` the value of it. Pure; prometheus/rules/group.go, RestoreForState.
absl::Time RestoredActiveAt(absl::Time now, absl::Time last_written, absl::Time active_at,
                            absl::Duration hold, const ForStateOptions& options);

// Restores all alerts of a rule that are known by now. The rule counts as restored afterwards, also
// when its series cannot be read: it waits the full time then.
void RestoreForState(const std::string& tenant, absl::Time now, const ForStateOptions& options,
                     RuleQueries* queries, AlertingRule* rule);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_RULES_EVALUATION_FOR_STATE_H_
