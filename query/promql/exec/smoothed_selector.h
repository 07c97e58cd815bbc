// `selector smoothed`: values interpolated between the samples around each step.
#ifndef TIDEGATE_QUERY_PROMQL_EXEC_SMOOTHED_SELECTOR_H_
#define TIDEGATE_QUERY_PROMQL_EXEC_SMOOTHED_SELECTOR_H_

#include "absl/status/statusor.h"
#include "query/promql/exec/query_context.h"
#include "query/promql/syntax/ast.h"
#include "query/promql/value/value.h"

namespace tidegate::promql {

// Looks one lookback back and ahead. Behind the last sample its value holds; before the first one
// there is none. A mix of floats and histograms in reach gives a warning and no value.
absl::StatusOr<Value> EvaluateSmoothedSelector(const VectorSelector& selector, const StepGrid& grid,
                                               QueryContext& context);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_EXEC_SMOOTHED_SELECTOR_H_
