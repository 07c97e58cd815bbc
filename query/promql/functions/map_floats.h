// One loop over a column, for functions that look at one float at a time.
#ifndef TIDEGATE_QUERY_PROMQL_FUNCTIONS_MAP_FLOATS_H_
#define TIDEGATE_QUERY_PROMQL_FUNCTIONS_MAP_FLOATS_H_

#include <utility>

#include "query/promql/functions/function.h"

namespace tidegate::promql {

// Applies `map(value, step)` to every float of argument 0; histograms disappear. The result loses
// its metric name.
template <typename Map>
Value MapFloats(InstantCall& call, Map map) {
  StepVector vector = call.TakeVector(0);
  query::PacedLoop loop(call.pacer);
  for (StepSeries& series : vector) {
    loop.Did(series.steps());
    const size_t steps = series.steps();
    double* values = series.values.data();
    for (size_t i = 0; i < steps; ++i) values[i] = map(values[i], i);
    if (!series.histograms.empty()) {
      for (SampleKind& kind : series.kinds) {
        if (kind == SampleKind::kHistogram) kind = SampleKind::kNone;
      }
      series.histograms.clear();
    }
    series.drop_name = true;
  }
  query::DropEmptySeries(&vector);
  return vector;
}

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_FUNCTIONS_MAP_FLOATS_H_
