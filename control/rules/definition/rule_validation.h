// Whether rules make sense: names, expressions, templates.
#ifndef TIDEGATE_CONTROL_RULES_DEFINITION_RULE_VALIDATION_H_
#define TIDEGATE_CONTROL_RULES_DEFINITION_RULE_VALIDATION_H_

#include <string>
#include <vector>

#include "control/rules/definition/rule_yaml.h"

namespace tidegate::control {

// Checks all of them with Prometheus' texts, in its order, and fills in the canonical expressions.
// Mistakes are appended.
void ValidateRuleGroups(std::vector<PlacedGroup>* groups, std::vector<std::string>* mistakes);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_RULES_DEFINITION_RULE_VALIDATION_H_
