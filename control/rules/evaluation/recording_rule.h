// From the result of a recording rule to the series that it writes.
#ifndef TIDEGATE_CONTROL_RULES_EVALUATION_RECORDING_RULE_H_
#define TIDEGATE_CONTROL_RULES_EVALUATION_RECORDING_RULE_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "control/rules/definition/rule_spec.h"
#include "control/rules/evaluation/rule_io.h"

namespace tidegate::control {

// The samples of `result` under the rule's name and labels, at `timestamp`. InvalidArgument with
// Prometheus' text when two become the same series or there are more than `limit` (0 = any number).
// Pure.
absl::StatusOr<std::vector<RuleSample>> Recorded(const RuleSpec& rule,
                                                 std::vector<RuleSample> result,
                                                 model::TimestampMs timestamp, uint64_t limit);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_RULES_EVALUATION_RECORDING_RULE_H_
