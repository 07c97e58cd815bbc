// Rules that write the same series, or alerts of the same name and labels.
#ifndef TIDEGATE_CONTROL_RULES_DEFINITION_DUPLICATE_RULES_H_
#define TIDEGATE_CONTROL_RULES_DEFINITION_DUPLICATE_RULES_H_

#include <string>
#include <vector>

#include "control/rules/definition/rule_spec.h"

namespace tidegate::control {

struct DuplicateRule {
  std::string name;  // Recorded metric, or alert.
  TextMap labels;
  friend bool operator==(const DuplicateRule&, const DuplicateRule&) = default;
};

// Each name with its labels once, in order, over all groups of a file. Labels of groups do not
// count, as for promtool.
std::vector<DuplicateRule> DuplicateRules(const std::vector<RuleGroupSpec>& groups);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_RULES_DEFINITION_DUPLICATE_RULES_H_
