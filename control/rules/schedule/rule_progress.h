// How far evaluation has come, in a document: where the next active process goes on.
#ifndef TIDEGATE_CONTROL_RULES_SCHEDULE_RULE_PROGRESS_H_
#define TIDEGATE_CONTROL_RULES_SCHEDULE_RULE_PROGRESS_H_

#include <optional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "storage/documents.h"

namespace tidegate::control {

// Points of schedules that an earlier process left behind: at or after `from`, before `until`.
struct RuleBacklog {
  absl::Time from = absl::InfiniteFuture();
  absl::Time until = absl::InfinitePast();
  friend bool operator==(const RuleBacklog&, const RuleBacklog&) = default;
};

// What is to be made up for at `now`, when everything before `done_until` had been evaluated and
// that was written down at least every `written_every`. Within `catch_up` all points until now;
// behind a longer outage only those that were due while the earlier process may still have been
// at work: data of the outage itself may be missing.
RuleBacklog BacklogAt(absl::Time now, absl::Time done_until, absl::Duration written_every,
                      absl::Duration catch_up);

// The time before which everything has been evaluated, in whole milliseconds. Empty: nothing is
// known. DataLoss when the document cannot be read.
absl::StatusOr<std::optional<absl::Time>> ReadRuleProgress(storage::Documents* documents);
storage::DocumentWrite WritingRuleProgress(absl::Time done_until);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_RULES_SCHEDULE_RULE_PROGRESS_H_
