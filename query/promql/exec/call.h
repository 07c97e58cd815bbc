// Function calls.
#ifndef TIDEGATE_QUERY_PROMQL_EXEC_CALL_H_
#define TIDEGATE_QUERY_PROMQL_EXEC_CALL_H_

#include "absl/status/statusor.h"
#include "query/promql/exec/query_context.h"
#include "query/promql/syntax/ast.h"
#include "query/promql/value/value.h"

namespace tidegate::promql {

// Evaluates the arguments and calls the function; functions that need more than the values of their
// arguments (timestamp of a selector, info, start, end, ...) are handled here.
absl::StatusOr<Value> EvaluateCall(const Call& call, const StepGrid& grid, QueryContext& context);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_EXEC_CALL_H_
