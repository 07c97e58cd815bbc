// Evaluates an expression over a grid, recursively: one operator per file does the work.
#ifndef TIDEGATE_QUERY_PROMQL_EXEC_EVALUATOR_H_
#define TIDEGATE_QUERY_PROMQL_EXEC_EVALUATOR_H_

#include "absl/status/statusor.h"
#include "query/promql/exec/query_context.h"
#include "query/promql/syntax/ast.h"
#include "query/promql/value/value.h"

namespace tidegate::promql {

// The value of `expr`, which is not a range vector, at every step of a grid that has at least one.
// Errors: FailedPrecondition with Prometheus' text (many-to-many matching, ...), ResourceExhausted,
// DeadlineExceeded, Cancelled. The depth of recursion is bounded by the parser.
absl::StatusOr<Value> Evaluate(const Expr& expr, const StepGrid& grid, QueryContext& context);

// The same for expressions whose type is known.
absl::StatusOr<StepVector> EvaluateVector(const Expr& expr, const StepGrid& grid,
                                          QueryContext& context);
absl::StatusOr<ScalarColumn> EvaluateScalar(const Expr& expr, const StepGrid& grid,
                                            QueryContext& context);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_EXEC_EVALUATOR_H_
