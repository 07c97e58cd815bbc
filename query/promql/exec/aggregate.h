// Aggregations: many series into one per group.
#ifndef TIDEGATE_QUERY_PROMQL_EXEC_AGGREGATE_H_
#define TIDEGATE_QUERY_PROMQL_EXEC_AGGREGATE_H_

#include "absl/status/statusor.h"
#include "query/promql/exec/query_context.h"
#include "query/promql/syntax/ast.h"
#include "query/promql/value/value.h"
#include "query/vector/grouping.h"

namespace tidegate::promql {

absl::StatusOr<Value> EvaluateAggregate(const AggregateExpr& expr, const StepGrid& grid,
                                        QueryContext& context);

// What the operators work on.
struct AggregateInput {
  const AggregateExpr& expr;
  const StepGrid& grid;
  StepVector vector;
  query::Groups groups;
  ScalarColumn param;  // Of operators with a number.
  Annotations* annotations;
  query::Pacer* pacer;  // nullptr = none.

  size_t steps() const { return grid.size(); }
  // Where annotations about the aggregated expression point to.
  PositionRange position() const;
  // Result series, one per group, without samples.
  StepVector MakeResults() const;
};

// sum, avg (aggregate_sum.cc).
StepVector AggregateSum(const AggregateInput& input);
StepVector AggregateAvg(const AggregateInput& input);
// count, group, min, max, stddev, stdvar, quantile (aggregate_floats.cc).
StepVector AggregateCount(const AggregateInput& input);
StepVector AggregateGroup(const AggregateInput& input);
StepVector AggregateMin(const AggregateInput& input);
StepVector AggregateMax(const AggregateInput& input);
StepVector AggregateStddev(const AggregateInput& input);
StepVector AggregateStdvar(const AggregateInput& input);
StepVector AggregateQuantile(const AggregateInput& input);
// topk, bottomk, limitk, limit_ratio: series of the input, not of groups (aggregate_pick.cc).
absl::StatusOr<StepVector> AggregatePick(AggregateInput input);
// count_values (aggregate_count_values.cc).
absl::StatusOr<StepVector> AggregateCountValues(const AggregateExpr& expr, const StepVector& vector,
                                                size_t steps, const QueryContext& context);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_EXEC_AGGREGATE_H_
