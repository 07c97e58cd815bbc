// Binary operators.
#ifndef TIDEGATE_QUERY_PROMQL_EXEC_BINARY_H_
#define TIDEGATE_QUERY_PROMQL_EXEC_BINARY_H_

#include "absl/status/statusor.h"
#include "query/promql/exec/query_context.h"
#include "query/promql/syntax/ast.h"
#include "query/promql/value/value.h"

namespace tidegate::promql {

// Both sides first, then by their types: scalars, a vector and a scalar, two vectors.
absl::StatusOr<Value> EvaluateBinary(const BinaryExpr& expr, const StepGrid& grid,
                                     QueryContext& context);

// Two vectors that are matched by labels (vector_matching.cc); not for set operators.
absl::StatusOr<StepVector> CombineVectors(const BinaryExpr& expr, StepVector lhs, StepVector rhs,
                                          const StepGrid& grid, Annotations* annotations);

// and, or, unless (set_operator.cc).
absl::StatusOr<StepVector> CombineSets(const BinaryExpr& expr, StepVector lhs, StepVector rhs,
                                       const StepGrid& grid);

// + - * / % ^ atan2: the result is another quantity, so the metric name goes.
bool ChangesMeaning(BinaryOp op);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_EXEC_BINARY_H_
