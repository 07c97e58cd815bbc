#include "query/promql/exec/smoothed_selector.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "query/promql/exec/selector_data.h"
#include "query/promql/exec/step_samples.h"
#include "query/promql/functions/interpolate.h"

namespace tidegate::promql {
namespace {

using model::TimestampMs;

void SetSmoothedFloat(const RangeSeries& series, uint32_t begin, uint32_t end, TimestampMs time,
                      size_t step, StepSeries* out) {
  const auto next = static_cast<uint32_t>(
      std::lower_bound(series.times.begin() + begin, series.times.begin() + end, time) -
      series.times.begin());
  if (next < end && series.times[next] == time) {
    out->SetFloat(step, series.values[next]);
  } else if (next > begin && next < end) {
    out->SetFloat(step, Interpolate(FloatAt{series.times[next - 1], series.values[next - 1]},
                                    FloatAt{series.times[next], series.values[next]}, time,
                                    /*counter=*/false));
  } else if (next > begin) {
    out->SetFloat(step, series.values[next - 1]);
  }
}

void SetSmoothedHistogram(std::span<const HistogramAt> samples, TimestampMs time, size_t step,
                          const AnnotationSite& site, StepSeries* out) {
  const auto next =
      std::lower_bound(samples.begin(), samples.end(), time,
                       [](const HistogramAt& at, TimestampMs t) { return at.timestamp < t; });
  if (next != samples.end() && next->timestamp == time) {
    out->SetHistogram(step, next->histogram);
  } else if (next != samples.begin() && next != samples.end()) {
    const HistogramAt& before = *(next - 1);
    if (before.histogram->uses_custom_buckets() != next->histogram->uses_custom_buckets()) {
      site.annotations->Warn(MixedSchemasText(site.metric), site.position);
      return;
    }
    const bool counter = next->histogram->counter_reset_hint != model::CounterResetHint::kGauge;
    std::optional<model::FloatHistogram> value = Interpolate(before, *next, time, counter, site);
    if (!value.has_value()) return;
    out->SetHistogram(step, std::make_shared<const model::FloatHistogram>(*std::move(value)));
  } else if (next != samples.begin()) {
    out->SetHistogram(step, (next - 1)->histogram);
  }
}

}  // namespace

absl::StatusOr<Value> EvaluateSmoothedSelector(const VectorSelector& selector, const StepGrid& grid,
                                               QueryContext& context) {
  // The window (time - lookback, time + lookback].
  const RangeWindows windows{.grid = grid,
                             .range_ms = context.lookback_ms,
                             .offset_ms = selector.time.offset.ms,
                             .at = context.At(selector.time),
                             .reach_after_ms = context.lookback_ms};
  StepVector vector;
  Checkpoint checkpoint(context);
  for (const LoadedSeries& loaded : context.data->Of(selector)) {
    const RangeSeries series = loaded.AsRange();
    std::vector<TimestampMs> histogram_times;
    for (const HistogramAt& at : series.histograms) histogram_times.push_back(at.timestamp);
    const WindowIndex floats = IndexWindows(series.times, windows);
    const WindowIndex histograms = IndexWindows(histogram_times, windows);
    const AnnotationSite site{series.labels.metric_name(), selector.position, &context.annotations};
    if (context.samples != nullptr) {
      context.samples->Add(floats);
      context.samples->Add(histograms, series.histograms);
    }
    StepSeries out(loaded.labels, grid.size());
    for (size_t i = 0; i < grid.size(); ++i) {
      const bool has_floats = floats.begin[i] < floats.end[i];
      const bool has_histograms = histograms.begin[i] < histograms.end[i];
      if (has_floats && has_histograms) {
        site.annotations->Warn(MixedFloatsHistogramsText(site.metric), site.position);
      } else if (has_floats) {
        SetSmoothedFloat(series, floats.begin[i], floats.end[i], windows.end(i), i, &out);
      } else if (has_histograms) {
        SetSmoothedHistogram(
            series.histograms.subspan(histograms.begin[i], histograms.end[i] - histograms.begin[i]),
            windows.end(i), i, site, &out);
      }
    }
    absl::Status status = checkpoint.Pass(grid.size());
    if (!status.ok()) return status;
    if (!out.empty()) vector.push_back(std::move(out));
  }
  return Value(std::move(vector));
}

}  // namespace tidegate::promql
