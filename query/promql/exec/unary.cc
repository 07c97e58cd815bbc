#include "query/promql/exec/unary.h"

#include <memory>
#include <utility>

#include "query/histogram/arithmetic.h"
#include "query/promql/exec/evaluator.h"

namespace tidegate::promql {

absl::StatusOr<Value> EvaluateUnary(const UnaryExpr& expr, const StepGrid& grid,
                                    QueryContext& context) {
  absl::StatusOr<Value> value = Evaluate(*expr.expr, grid, context);
  if (!value.ok() || !expr.negate) return value;
  if (auto* scalar = std::get_if<ScalarColumn>(&*value)) {
    for (double& number : *scalar) number = -number;
    return value;
  }
  for (StepSeries& series : std::get<StepVector>(*value)) {
    for (double& number : series.values) number = -number;
    for (HistogramPtr& histogram : series.histograms) {
      if (histogram == nullptr) continue;
      model::FloatHistogram negated = *histogram;
      query::Multiply(-1, &negated);
      histogram = std::make_shared<const model::FloatHistogram>(std::move(negated));
    }
    series.drop_name = true;
  }
  return value;
}

}  // namespace tidegate::promql
