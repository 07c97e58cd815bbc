// Rules about expressions that the grammar does not hold. Errors carry Loki's texts.
#ifndef TIDEGATE_QUERY_LOGQL_SYNTAX_VALIDATION_H_
#define TIDEGATE_QUERY_LOGQL_SYNTAX_VALIDATION_H_

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "model/matcher.h"
#include "query/logql/syntax/ast.h"

namespace tidegate::logql {

// A query reads at least one stream on purpose: one matcher must not match the empty value.
absl::Status CheckSelector(const std::vector<model::Matcher>& matchers);
// Which aggregations take an unwrapped value, a grouping, a parameter.
absl::Status CheckAggregation(const RangeAggregation& aggregation);
// Neither leg is a log query, and `and`, `or` and `unless` have no number on either side.
absl::Status CheckOperands(BinaryOp op, const Expr& left, const Expr& right);

bool IsSetOp(BinaryOp op);
// The number of a literal expression; null for everything else.
const double* LiteralOf(const Expr& expr);

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_SYNTAX_VALIDATION_H_
