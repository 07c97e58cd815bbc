#include "query/promql/exec/range_vector.h"

#include <utility>

#include "query/promql/exec/evaluator.h"
#include "query/promql/exec/selector_data.h"

namespace tidegate::promql {
namespace {

using model::CounterResetHint;
using model::TimestampMs;

RangeVector OfSelector(const MatrixSelector& matrix, const StepGrid& grid, QueryContext& context) {
  const VectorSelector& selector = *matrix.selector;
  RangeVector vector;
  vector.windows = {.grid = grid,
                    .range_ms = matrix.range.ms,
                    .offset_ms = selector.time.offset.ms,
                    .at = context.At(selector.time)};
  vector.anchored = selector.anchored;
  vector.smoothed = selector.smoothed;
  if (selector.anchored || selector.smoothed) vector.windows.reach_before_ms = context.lookback_ms;
  if (selector.smoothed) vector.windows.reach_after_ms = context.lookback_ms;
  for (const LoadedSeries& loaded : context.data->Of(selector)) {
    vector.series.push_back({loaded.labels, false, loaded.AsRange()});
  }
  return vector;
}

// The results of a subquery as if they were stored samples.
struct StoredSeries {
  std::vector<TimestampMs> times;
  std::vector<double> values;
  std::vector<HistogramAt> histograms;
};

struct StoredVector {
  std::vector<TimestampMs> all_times;  // Of every step: shared by series without gaps.
  StepVector vector;
  std::vector<StoredSeries> series;
};

// Hints say something about neighbouring samples, and a subquery leaves samples out or repeats
// them.
HistogramPtr WithoutHint(HistogramPtr histogram) {
  if (histogram->counter_reset_hint != CounterResetHint::kReset &&
      histogram->counter_reset_hint != CounterResetHint::kNotReset) {
    return histogram;
  }
  model::FloatHistogram copy = *histogram;
  copy.counter_reset_hint = CounterResetHint::kUnknown;
  return std::make_shared<const model::FloatHistogram>(std::move(copy));
}

void Store(const StepSeries& series, const std::vector<TimestampMs>& times, StoredSeries* stored) {
  for (size_t i = 0; i < series.steps(); ++i) {
    if (series.kinds[i] == SampleKind::kFloat) {
      stored->times.push_back(times[i]);
      stored->values.push_back(series.values[i]);
    } else if (series.kinds[i] == SampleKind::kHistogram) {
      stored->histograms.push_back({times[i], 0, WithoutHint(series.histograms[i])});
    }
  }
}

absl::StatusOr<RangeVector> OfSubquery(const SubqueryExpr& subquery, const StepGrid& grid,
                                       QueryContext& context) {
  const StepGrid inner = SubqueryGrid(subquery, grid, context);
  StepSamples* const counted = std::exchange(context.samples, nullptr);
  absl::StatusOr<Value> value = Evaluate(*subquery.expr, inner, context);
  context.samples = counted;
  if (!value.ok()) return value.status();
  const uint64_t points = std::get<StepVector>(*value).size() * inner.size();
  if (absl::Status status = context.budget.CheckMade(points); !status.ok()) return status;
  auto stored = std::make_shared<StoredVector>();
  stored->vector = std::get<StepVector>(*std::move(value));
  for (size_t i = 0; i < inner.size(); ++i) stored->all_times.push_back(inner.at(i));

  RangeVector vector;
  vector.windows = {.grid = grid,
                    .range_ms = subquery.range.ms,
                    .offset_ms = subquery.time.offset.ms,
                    .at = context.At(subquery.time)};
  stored->series.resize(stored->vector.size());
  for (size_t s = 0; s < stored->vector.size(); ++s) {
    const StepSeries& series = stored->vector[s];
    RangeSeries samples;
    samples.labels = series.labels;
    if (series.dense_floats()) {
      samples.times = stored->all_times;
      samples.values = series.values;
    } else {
      StoredSeries& sparse = stored->series[s];
      Store(series, stored->all_times, &sparse);
      samples.times = sparse.times;
      samples.values = sparse.values;
      samples.histograms = sparse.histograms;
    }
    vector.series.push_back({series.labels, series.drop_name, samples});
  }
  vector.storage = std::move(stored);
  return vector;
}

}  // namespace

absl::StatusOr<RangeVector> MakeRangeVector(const Expr& expr, const StepGrid& grid,
                                            QueryContext& context) {
  if (const auto* matrix = If<MatrixSelector>(&expr)) return OfSelector(*matrix, grid, context);
  return OfSubquery(As<SubqueryExpr>(expr), grid, context);
}

}  // namespace tidegate::promql
