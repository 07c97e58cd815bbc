// The range vector that a function consumes: of a selector or of a subquery.
#ifndef TIDEGATE_QUERY_PROMQL_EXEC_RANGE_VECTOR_H_
#define TIDEGATE_QUERY_PROMQL_EXEC_RANGE_VECTOR_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "query/promql/exec/query_context.h"
#include "query/promql/syntax/ast.h"
#include "query/promql/value/range_series.h"
#include "query/promql/value/value.h"

namespace tidegate::promql {

struct RangeVectorSeries {
  model::Labels labels;
  bool drop_name = false;
  RangeSeries samples;
};

struct RangeVector {
  RangeWindows windows;
  bool anchored = false;
  bool smoothed = false;
  std::vector<RangeVectorSeries> series;
  // Keeps alive what the views of a subquery point to.
  std::shared_ptr<const void> storage;
};

// `expr` is a MatrixSelector or a SubqueryExpr.
absl::StatusOr<RangeVector> MakeRangeVector(const Expr& expr, const StepGrid& grid,
                                            QueryContext& context);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_EXEC_RANGE_VECTOR_H_
