// Signs.
#ifndef TIDEGATE_QUERY_PROMQL_EXEC_UNARY_H_
#define TIDEGATE_QUERY_PROMQL_EXEC_UNARY_H_

#include "absl/status/statusor.h"
#include "query/promql/exec/query_context.h"
#include "query/promql/syntax/ast.h"
#include "query/promql/value/value.h"

namespace tidegate::promql {

// Minus drops the metric name; histograms become gauges.
absl::StatusOr<Value> EvaluateUnary(const UnaryExpr& expr, const StepGrid& grid,
                                    QueryContext& context);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_EXEC_UNARY_H_
