// Rules and groups of them, as people write them.
#ifndef TIDEGATE_CONTROL_RULES_DEFINITION_RULE_SPEC_H_
#define TIDEGATE_CONTROL_RULES_DEFINITION_RULE_SPEC_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "query/rule_expression.h"

namespace tidegate::control {

using TextMap = std::map<std::string, std::string>;

// Exactly one of `record` and `alert` is set in one that is valid.
struct RuleSpec {
  std::string record;
  std::string alert;
  std::string expr;       // As written.
  std::string canonical;  // As the language prints it; empty when it does not parse.
  absl::Duration hold;    // `for`
  absl::Duration keep_firing;
  TextMap labels;
  TextMap annotations;

  const std::string& name() const { return alert.empty() ? record : alert; }
  friend bool operator==(const RuleSpec&, const RuleSpec&) = default;
};

// Evaluated in this order.
struct RuleGroupSpec {
  std::string name;
  query::RuleLanguage language = query::RuleLanguage::kPromQl;
  absl::Duration interval;                     // 0: the default.
  std::optional<absl::Duration> query_offset;  // Empty: the default.
  uint64_t limit = 0;                          // Series or alerts of one rule; 0 = any number.
  TextMap labels;                              // For rules that do not say otherwise.
  std::vector<RuleSpec> rules;

  friend bool operator==(const RuleGroupSpec&, const RuleGroupSpec&) = default;
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_RULES_DEFINITION_RULE_SPEC_H_
