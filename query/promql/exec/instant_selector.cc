#include "query/promql/exec/instant_selector.h"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "query/promql/exec/smoothed_selector.h"
#include "query/promql/exec/step_samples.h"

namespace tidegate::promql {
namespace {

using model::TimestampMs;

constexpr uint32_t kNone = ~uint32_t{0};

// For every step the number of the sample it sees in a time column, or kNone. A window that ends at
// the evaluation time and is as long as the lookback: its last sample.
std::vector<uint32_t> LastSamples(std::span<const TimestampMs> times, const InstantTimes& at) {
  const RangeWindows windows{
      .grid = at.grid, .range_ms = at.lookback_ms, .offset_ms = at.offset_ms, .at = at.at};
  const WindowIndex index = IndexWindows(times, windows);
  std::vector<uint32_t> last(at.grid.size(), kNone);
  for (size_t i = 0; i < last.size(); ++i) {
    if (index.end[i] > index.begin[i]) last[i] = index.end[i] - 1;
  }
  return last;
}

// Keeps the answer for the column at hand: neighbouring series often share it.
class LastSampleCache {
 public:
  explicit LastSampleCache(const InstantTimes& at) : at_(at) {}

  const std::vector<uint32_t>& Get(std::span<const TimestampMs> times) {
    const bool same =
        times.size() == times_.size() && !last_.empty() &&
        (times.data() == times_.data() || std::equal(times.begin(), times.end(), times_.begin()));
    if (!same) {
      last_ = LastSamples(times, at_);
      times_ = times;
    }
    return last_;
  }

 private:
  const InstantTimes& at_;
  std::span<const TimestampMs> times_;
  std::vector<uint32_t> last_;
};

double Seconds(TimestampMs time) { return static_cast<double>(time) / 1000; }

class SeriesSelector {
 public:
  SeriesSelector(const InstantTimes& times, SampleField field)
      : times_(times), field_(field), cache_(times) {}

  void Select(const LoadedSeries& series, StepSeries* out) {
    const std::vector<uint32_t>& last = cache_.Get(*series.times);
    if (series.histograms.empty() && field_ == SampleField::kValue) {
      SelectValues(series, last, out);
    } else {
      SelectAny(series, last, out);
    }
  }

 private:
  static void SelectValues(const LoadedSeries& series, const std::vector<uint32_t>& last,
                           StepSeries* out) {
    const double* values = series.values.data();
    for (size_t i = 0; i < last.size(); ++i) {
      if (last[i] == kNone) continue;
      const double value = values[last[i]];
      out->values[i] = value;
      if (series.live == nullptr || !model::IsStaleNan(value)) out->kinds[i] = SampleKind::kFloat;
    }
  }

  void SelectAny(const LoadedSeries& series, const std::vector<uint32_t>& last, StepSeries* out) {
    std::vector<TimestampMs> histogram_times;
    for (const HistogramAt& at : series.histograms) histogram_times.push_back(at.timestamp);
    const std::vector<uint32_t> last_histogram = LastSamples(histogram_times, times_);
    for (size_t i = 0; i < last.size(); ++i) {
      const uint32_t f = last[i];
      const uint32_t h = last_histogram[i];
      if (f == kNone && h == kNone) continue;
      if (h == kNone || (f != kNone && (*series.times)[f] > histogram_times[h])) {
        if (model::IsStaleNan(series.values[f])) continue;
        const TimestampMs start = series.start_times.empty() ? 0 : series.start_times[f];
        out->SetFloat(i, FieldOf(series.values[f], (*series.times)[f], start));
      } else {
        const HistogramAt& at = series.histograms[h];
        if (at.histogram->is_stale()) continue;
        if (field_ == SampleField::kValue) {
          out->SetHistogram(i, at.histogram);
        } else {
          out->SetFloat(i, FieldOf(0, at.timestamp, at.start_timestamp));
        }
      }
    }
  }

  double FieldOf(double value, TimestampMs time, TimestampMs start) const {
    switch (field_) {
      case SampleField::kTimestamp:
        return Seconds(time);
      case SampleField::kStartTimestamp:
        return Seconds(start);
      case SampleField::kValue:
        break;
    }
    return value;
  }

  const InstantTimes& times_;
  const SampleField field_;
  LastSampleCache cache_;
};

}  // namespace

absl::StatusOr<StepVector> SelectInstants(const LoadedVector& loaded, const InstantTimes& times,
                                          SampleField field, const QueryContext& context) {
  StepVector vector;
  SeriesSelector selector(times, field);
  Checkpoint checkpoint(context);
  const size_t steps = times.grid.size();
  for (const LoadedSeries& series : loaded) {
    StepSeries out(series.labels, steps);
    selector.Select(series, &out);
    if (out.empty()) continue;
    if (context.samples != nullptr) context.samples->Add(out);
    absl::Status status = context.budget.Hold(out.bytes());
    if (status.ok()) status = checkpoint.Pass(steps);
    if (!status.ok()) return status;
    vector.push_back(std::move(out));
  }
  return vector;
}

absl::StatusOr<Value> EvaluateSelectorField(const VectorSelector& selector, SampleField field,
                                            const StepGrid& grid, QueryContext& context) {
  const InstantTimes times{.grid = grid,
                           .offset_ms = selector.time.offset.ms,
                           .at = context.At(selector.time),
                           .lookback_ms = context.lookback_ms};
  absl::StatusOr<StepVector> vector =
      SelectInstants(context.data->Of(selector), times, field, context);
  if (!vector.ok()) return vector.status();
  if (field != SampleField::kValue) {
    for (StepSeries& series : *vector) series.drop_name = true;
  }
  return Value(*std::move(vector));
}

absl::StatusOr<Value> EvaluateSelector(const VectorSelector& selector, const StepGrid& grid,
                                       QueryContext& context) {
  if (selector.smoothed) return EvaluateSmoothedSelector(selector, grid, context);
  return EvaluateSelectorField(selector, SampleField::kValue, grid, context);
}

}  // namespace tidegate::promql
