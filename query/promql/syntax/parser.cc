#include "query/promql/syntax/parser.h"

#include <utility>

#include "query/promql/syntax/parse/expression_parser.h"
#include "query/promql/syntax/parse/type_check.h"

namespace tidegate::promql {

std::unique_ptr<const Expr> ParseExpression(std::string_view query, ParseError* error) {
  ExpressionParser parser(query);
  ExprPtr expr = parser.ParseExpression();
  if (expr == nullptr) {
    *error = parser.error();
    return nullptr;
  }
  if (std::optional<ParseError> fault = CheckTypes(query, expr.get()); fault.has_value()) {
    *error = *std::move(fault);
    return nullptr;
  }
  return expr;
}

absl::StatusOr<std::unique_ptr<const Expr>> ParseExpr(std::string_view query) {
  ParseError error;
  std::unique_ptr<const Expr> expr = ParseExpression(query, &error);
  if (expr == nullptr) return absl::InvalidArgumentError(FormatParseError(error, query));
  return expr;
}

absl::StatusOr<std::vector<model::Matcher>> ParseMetricSelector(std::string_view selector) {
  ExpressionParser parser(selector);
  std::unique_ptr<VectorSelector> parsed = parser.ParseSelector();
  if (parsed == nullptr) {
    return absl::InvalidArgumentError(FormatParseError(parser.error(), selector));
  }
  return std::move(parsed->matchers);
}

}  // namespace tidegate::promql
