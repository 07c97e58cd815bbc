#include "query/rule_expression.h"

#include <memory>
#include <variant>

#include "query/logql/syntax/parser.h"
#include "query/logql/syntax/printer.h"
#include "query/promql/syntax/parser.h"
#include "query/promql/syntax/render/printer.h"

namespace tidegate::query {

absl::StatusOr<std::string> CanonicalRuleExpression(RuleLanguage language, std::string_view text) {
  if (language == RuleLanguage::kPromQl) {
    const absl::StatusOr<std::unique_ptr<const promql::Expr>> expression = promql::ParseExpr(text);
    if (!expression.ok()) return expression.status();
    return promql::ToString(**expression);
  }
  const absl::StatusOr<logql::Expr> expression = logql::ParseExpr(text);
  if (!expression.ok()) return expression.status();
  if (std::holds_alternative<logql::LogExpr>(*expression)) {
    return absl::InvalidArgumentError("not a metric query: a rule needs numbers, not log lines");
  }
  return logql::ToString(*expression);
}

}  // namespace tidegate::query
