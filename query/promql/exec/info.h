// info(): adds the data labels of info metrics.
#ifndef TIDEGATE_QUERY_PROMQL_EXEC_INFO_H_
#define TIDEGATE_QUERY_PROMQL_EXEC_INFO_H_

#include "absl/status/statusor.h"
#include "query/promql/exec/query_context.h"
#include "query/promql/syntax/ast.h"
#include "query/promql/value/value.h"

namespace tidegate::promql {

// Joins the vector with info series (target_info, or what the second argument names) on the labels
// `instance` and `job`. Info series are looked up at the times that the first selector of the
// vector looks at.
absl::StatusOr<Value> EvaluateInfo(const Call& call, const StepGrid& grid, QueryContext& context);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_EXEC_INFO_H_
