#include "query/promql/exec/aggregate.h"

#include <utility>

#include "query/promql/exec/evaluator.h"
#include "query/promql/functions/function.h"

namespace tidegate::promql {
namespace {

query::LabelSelection SelectionOf(const AggregateExpr& expr) {
  return expr.without ? query::LabelSelection::AllBut(expr.grouping)
                      : query::LabelSelection::Only(expr.grouping);
}

absl::StatusOr<StepVector> Apply(AggregateInput input) {
  switch (input.expr.op) {
    case AggregateOp::kSum:
      return AggregateSum(input);
    case AggregateOp::kAvg:
      return AggregateAvg(input);
    case AggregateOp::kCount:
      return AggregateCount(input);
    case AggregateOp::kGroup:
      return AggregateGroup(input);
    case AggregateOp::kMin:
      return AggregateMin(input);
    case AggregateOp::kMax:
      return AggregateMax(input);
    case AggregateOp::kStddev:
      return AggregateStddev(input);
    case AggregateOp::kStdvar:
      return AggregateStdvar(input);
    case AggregateOp::kQuantile:
      return AggregateQuantile(input);
    case AggregateOp::kTopK:
    case AggregateOp::kBottomK:
    case AggregateOp::kLimitK:
    case AggregateOp::kLimitRatio:
      return AggregatePick(std::move(input));
    case AggregateOp::kCountValues:
      break;
  }
  return absl::InternalError("an aggregation without implementation");
}

}  // namespace

PositionRange AggregateInput::position() const { return WithoutParens(*expr.expr).position; }

StepVector AggregateInput::MakeResults() const {
  StepVector results;
  results.reserve(groups.labels.size());
  for (const model::Labels& labels : groups.labels) results.emplace_back(labels, steps());
  for (size_t i = 0; i < vector.size(); ++i) {
    if (vector[i].drop_name) results[groups.of_series[i]].drop_name = true;
  }
  return results;
}

absl::StatusOr<Value> EvaluateAggregate(const AggregateExpr& expr, const StepGrid& grid,
                                        QueryContext& context) {
  ScalarColumn param;
  if (expr.param != nullptr && expr.op != AggregateOp::kCountValues) {
    absl::StatusOr<ScalarColumn> evaluated = EvaluateScalar(*expr.param, grid, context);
    if (!evaluated.ok()) return evaluated.status();
    param = *std::move(evaluated);
  }
  absl::StatusOr<StepVector> vector = EvaluateVector(*expr.expr, grid, context);
  if (!vector.ok()) return vector.status();
  absl::StatusOr<StepVector> result;
  if (expr.op == AggregateOp::kCountValues) {
    result = AggregateCountValues(expr, *vector, grid.size(), context);
  } else {
    query::Groups groups = query::GroupSeries(*vector, SelectionOf(expr), context.pacer);
    result = Apply({.expr = expr,
                    .grid = grid,
                    .vector = *std::move(vector),
                    .groups = std::move(groups),
                    .param = std::move(param),
                    .annotations = &context.annotations,
                    .pacer = context.pacer});
  }
  if (!result.ok()) return result.status();
  query::DropEmptySeries(&*result);
  return Value(*std::move(result));
}

}  // namespace tidegate::promql
