// Where rule groups lie among the documents.
#ifndef TIDEGATE_CONTROL_RULES_SOURCES_RULE_KEYS_H_
#define TIDEGATE_CONTROL_RULES_SOURCES_RULE_KEYS_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "control/rules/evaluation/rule_group.h"

namespace tidegate::control {

// rules/TENANT/LANGUAGE/NAMESPACE/GROUP, the last two with '%' and '/' as %25 and %2F. The value is
// the group's YAML.
inline constexpr std::string_view kRulesCollection = "rules/";
// Changes with every change of a group, so that readers look at one document only.
inline constexpr std::string_view kRulesRevision = "rules_revision";

std::string RuleDocumentKey(const RuleGroupKey& key);
// The front of the keys of a namespace, or of a language when the namespace is empty.
std::string RuleDocumentPrefix(std::string_view tenant, query::RuleLanguage language,
                               std::string_view rule_namespace);
// InvalidArgument: not such a key.
absl::StatusOr<RuleGroupKey> ParseRuleDocumentKey(std::string_view key);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_RULES_SOURCES_RULE_KEYS_H_
