// Expressions of rules, as texts.
#ifndef TIDEGATE_QUERY_RULE_EXPRESSION_H_
#define TIDEGATE_QUERY_RULE_EXPRESSION_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace tidegate::query {

enum class RuleLanguage : uint8_t { kPromQl, kLogQl };

// The expression as its language prints it, on one line. InvalidArgument with the parser's text; a
// rule in LogQL must be a metric query.
absl::StatusOr<std::string> CanonicalRuleExpression(RuleLanguage language, std::string_view text);

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_RULE_EXPRESSION_H_
