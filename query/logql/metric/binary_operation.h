// Operators between series, and between series and numbers.
#ifndef TIDEGATE_QUERY_LOGQL_METRIC_BINARY_OPERATION_H_
#define TIDEGATE_QUERY_LOGQL_METRIC_BINARY_OPERATION_H_

#include <vector>

#include "absl/status/statusor.h"
#include "query/logql/metric/metric_evaluator.h"
#include "query/logql/syntax/ast.h"

namespace tidegate::logql {

// At least one side is series. Comparisons without `bool` leave out what does not hold.
// InvalidArgument: several series match where one was wanted. Source: Loki's
// pkg/logql/evaluator.go.
absl::StatusOr<std::vector<MetricSeries>> Combine(const BinaryExpr& binary, MetricValue left,
                                                  MetricValue right);

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_METRIC_BINARY_OPERATION_H_
