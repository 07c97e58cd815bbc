// Calls of functions that take a range vector.
#ifndef TIDEGATE_QUERY_PROMQL_EXEC_RANGE_CALL_H_
#define TIDEGATE_QUERY_PROMQL_EXEC_RANGE_CALL_H_

#include "absl/status/statusor.h"
#include "query/promql/exec/query_context.h"
#include "query/promql/functions/function.h"
#include "query/promql/syntax/ast.h"
#include "query/promql/value/value.h"

namespace tidegate::promql {

// Series by series over all steps. The result has the order of the range vector.
absl::StatusOr<Value> EvaluateRangeCall(const Call& call, RangeFunctionFactory factory,
                                        const StepGrid& grid, QueryContext& context);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_EXEC_RANGE_CALL_H_
