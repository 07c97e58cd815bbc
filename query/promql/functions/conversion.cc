#include "query/promql/functions/conversion.h"

#include <limits>

namespace tidegate::promql {

absl::StatusOr<Value> VectorOf(InstantCall& call) {
  StepSeries series(model::Labels(), call.grid.size());
  series.values = call.Scalar(0);
  series.kinds.assign(call.grid.size(), SampleKind::kFloat);
  StepVector vector;
  vector.push_back(std::move(series));
  return Value(std::move(vector));
}

absl::StatusOr<Value> ScalarOf(InstantCall& call) {
  const StepVector vector = call.TakeVector(0);
  const size_t steps = call.grid.size();
  ScalarColumn column(steps, std::numeric_limits<double>::quiet_NaN());
  std::vector<uint32_t> found(steps);
  for (const StepSeries& series : vector) {
    for (size_t i = 0; i < steps; ++i) {
      if (series.kinds[i] != SampleKind::kFloat) continue;
      column[i] = ++found[i] == 1 ? series.values[i] : std::numeric_limits<double>::quiet_NaN();
    }
  }
  return Value(std::move(column));
}

}  // namespace tidegate::promql
