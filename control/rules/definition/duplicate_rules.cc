#include "control/rules/definition/duplicate_rules.h"

#include <map>
#include <utility>

namespace tidegate::control {

std::vector<DuplicateRule> DuplicateRules(const std::vector<RuleGroupSpec>& groups) {
  std::map<std::pair<std::string, TextMap>, int> counts;
  for (const RuleGroupSpec& group : groups) {
    for (const RuleSpec& rule : group.rules) {
      ++counts[{rule.alert.empty() ? rule.record : rule.alert, rule.labels}];
    }
  }
  std::vector<DuplicateRule> duplicates;
  for (const auto& [rule, count] : counts) {
    if (count > 1) duplicates.push_back({rule.first, rule.second});
  }
  return duplicates;
}

}  // namespace tidegate::control
