// Rule files: YAML to groups and back. Which files are accepted, and the texts of mistakes, are
// Prometheus' (model/rulefmt).
#ifndef TIDEGATE_CONTROL_RULES_DEFINITION_RULE_FILE_H_
#define TIDEGATE_CONTROL_RULES_DEFINITION_RULE_FILE_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "control/rules/definition/rule_spec.h"

namespace tidegate::control {

// Larger texts are a mistake: no file of people comes near.
inline constexpr size_t kMaxRuleFileBytes = 16 << 20;

struct RuleFile {
  std::vector<RuleGroupSpec> groups;
  // All of them, `LINE:COLUMN: group "g", rule 1, "name": what` each; with a mistake the groups are
  // not to be used.
  std::vector<std::string> mistakes;
};

// Pure. A text without anything has no groups.
RuleFile ParseRuleFile(std::string_view yaml, query::RuleLanguage language);

// What ParseRuleFile says, as one error: InvalidArgument with all mistakes, a line each.
absl::StatusOr<std::vector<RuleGroupSpec>> ParseRuleGroups(std::string_view yaml,
                                                           query::RuleLanguage language);

// One group alone, as it is posted.
absl::StatusOr<RuleGroupSpec> ParseRuleGroup(std::string_view yaml, query::RuleLanguage language);

// A group as YAML that ParseRuleGroup reads; what is not set is left out.
std::string FormatRuleGroup(const RuleGroupSpec& group);

// Groups as YAML by namespace: {NAMESPACE: [group, ...]}.
std::string FormatRuleNamespaces(
    const std::map<std::string, std::vector<RuleGroupSpec>>& namespaces);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_RULES_DEFINITION_RULE_FILE_H_
