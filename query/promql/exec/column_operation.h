// Binary operations on whole columns: one tight loop per operator.
#ifndef TIDEGATE_QUERY_PROMQL_EXEC_COLUMN_OPERATION_H_
#define TIDEGATE_QUERY_PROMQL_EXEC_COLUMN_OPERATION_H_

#include <span>

#include "query/promql/syntax/ast.h"
#include "query/promql/value/annotations.h"
#include "query/promql/value/value.h"

namespace tidegate::promql {

// How the result of a step is formed.
struct OperationRules {
  BinaryOp op;
  bool return_bool;
  PositionRange position;
  Annotations* annotations;
};

// out[i] = a[i] op b[i] for all i; comparisons give 1 or 0. `out` may be one of the inputs.
void OperateOnFloats(BinaryOp op, std::span<const double> a, std::span<const double> b,
                     std::span<double> out);

// One step of two samples into `out`: nothing when there is no result, a filtered comparison fails,
// or the kinds do not fit. `kept` is what a comparison without bool shows.
void OperateOnStep(const OperationRules& rules, const StepSeries& a, const StepSeries& b,
                   const StepSeries& kept, size_t step, StepSeries* out);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_EXEC_COLUMN_OPERATION_H_
