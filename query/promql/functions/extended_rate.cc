#include "query/promql/functions/extended_rate.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

#include "query/histogram/arithmetic.h"
#include "query/histogram/counter_reset.h"
#include "query/promql/functions/histogram_rate.h"
#include "query/promql/functions/interpolate.h"

namespace tidegate::promql {
namespace {

using model::CounterResetHint;
using model::FloatHistogram;
using model::TimestampMs;

// The samples that bound a window: from the last one at or before its start (or the first one) to
// the first one at or after its end (or the last one).
struct Bounds {
  size_t first = 0;
  size_t last = 0;
};

// The smallest i in [0, n) with time_at(i) `reached`; n when there is none.
template <typename Predicate>
size_t Search(size_t n, Predicate reached) {
  size_t low = 0;
  size_t high = n;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (reached(middle)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

class ExtendedRate final : public RangeFunction {
 public:
  ExtendedRate(const RangeCall& call, RateKind kind) : call_(call), kind_(kind) {}

  absl::Status Apply(const RangeSeries& series, const SeriesWindows& windows,
                     StepSeries* out) override {
    const AnnotationSite site{series.labels.metric_name(), call_.position, call_.annotations};
    for (size_t i = 0; i < call_.steps(); ++i) {
      const size_t floats = windows.floats.end[i] - windows.floats.begin[i];
      const size_t histograms = windows.histograms.end[i] - windows.histograms.begin[i];
      if (floats > 0 && histograms > 0) {
        site.annotations->Warn(MixedFloatsHistogramsText(site.metric), site.position);
      } else if (floats > 0) {
        ApplyFloats(series.times.subspan(windows.floats.begin[i], floats),
                    series.values.subspan(windows.floats.begin[i], floats), i, out);
      } else if (histograms > 0) {
        ApplyHistograms(series.histograms.subspan(windows.histograms.begin[i], histograms), site, i,
                        out);
      }
    }
    return absl::OkStatus();
  }

 private:
  template <typename TimeAt>
  std::optional<Bounds> FindBounds(size_t size, TimeAt time_at, size_t step) const {
    const TimestampMs start = call_.windows.start(step);
    const TimestampMs end = call_.windows.end(step);
    Bounds bounds{.first = 0, .last = size - 1};
    const size_t after = Search(bounds.last, [&](size_t i) { return time_at(i) > start; });
    bounds.first = after == 0 ? 0 : after - 1;
    if (call_.smoothed) {
      bounds.last = Search(bounds.last, [&](size_t i) { return time_at(i) >= end; });
    }
    if (time_at(bounds.last) <= start) return std::nullopt;
    if (call_.smoothed && time_at(bounds.first) > end) return std::nullopt;
    return bounds;
  }

  void ApplyFloats(std::span<const TimestampMs> times, std::span<const double> values, size_t step,
                   StepSeries* out) const {
    const auto bounds = FindBounds(
        times.size(), [&](size_t i) { return times[i]; }, step);
    if (!bounds.has_value()) return;
    const TimestampMs start = call_.windows.start(step);
    const TimestampMs end = call_.windows.end(step);
    const auto at = [&](size_t i) { return FloatAt{times[i], values[i]}; };
    const auto [first, last] = *bounds;
    double left = values[first];
    if (call_.smoothed && times[first] < start) {
      left = Interpolate(at(first), at(first + 1), start, kind_.counter);
    }
    double right = values[last];
    if (call_.smoothed && last > 0 && times[last] > end) {
      right = Interpolate(at(last - 1), at(last), end, kind_.counter);
    }
    double change = right - left;
    if (kind_.counter) {
      // The borders are accounted for already.
      const size_t begin = times[first] <= start ? first + 1 : first;
      const size_t stop = times[last] >= end ? last : last + 1;
      double correction = 0;
      double previous = left;
      for (size_t i = begin; i < stop; ++i) {
        if (values[i] < previous) correction += previous;
        previous = values[i];
      }
      if (right < previous) correction += previous;
      change += correction;
    }
    if (kind_.per_second) change /= RangeSeconds();
    out->SetFloat(step, change);
  }

  void ApplyHistograms(std::span<const HistogramAt> samples, const AnnotationSite& site,
                       size_t step, StepSeries* out) const {
    const auto bounds = FindBounds(
        samples.size(), [&](size_t i) { return samples[i].timestamp; }, step);
    if (!bounds.has_value()) return;
    const auto [first, last] = *bounds;
    if (!CheckKinds(samples.subspan(first, last - first + 1), site)) return;
    const TimestampMs start = call_.windows.start(step);
    const TimestampMs end = call_.windows.end(step);
    std::optional<FloatHistogram> left = *samples[first].histogram;
    if (call_.smoothed && samples[first].timestamp < start) {
      left = Interpolate(samples[first], samples[first + 1], start, kind_.counter, site);
    }
    if (!left.has_value()) return;
    std::optional<FloatHistogram> right = *samples[last].histogram;
    if (call_.smoothed && last > 0 && samples[last].timestamp > end) {
      right = Interpolate(samples[last - 1], samples[last], end, kind_.counter, site);
    }
    if (!right.has_value()) return;
    const bool gauges = left->counter_reset_hint == CounterResetHint::kGauge &&
                        right->counter_reset_hint == CounterResetHint::kGauge;
    if (!kind_.counter && !gauges) site.annotations->Warn(NotGaugeText(site.metric), site.position);
    FloatHistogram change = *right;
    if (!SubtractNoting(*left, site, &change)) return;
    if (kind_.counter && !AddResets(samples, *bounds, *left, *right, start, site, &change)) return;
    if (kind_.per_second) query::Divide(RangeSeconds(), &change);
    change.counter_reset_hint = CounterResetHint::kGauge;
    query::Compact(&change);
    out->SetHistogram(step, std::make_shared<const FloatHistogram>(std::move(change)));
  }

  bool CheckKinds(std::span<const HistogramAt> samples, const AnnotationSite& site) const {
    const bool custom = samples.front().histogram->uses_custom_buckets();
    for (const HistogramAt& sample : samples) {
      if (sample.histogram->uses_custom_buckets() != custom) {
        site.annotations->Warn(MixedSchemasText(site.metric), site.position);
        return false;
      }
      if (kind_.counter && sample.histogram->counter_reset_hint == CounterResetHint::kGauge) {
        site.annotations->Warn(NotCounterText(site.metric), site.position);
      }
    }
    return true;
  }

  // Adds what the counter had before each reset between the borders. A reset that the interpolation
  // at the left border spans is accounted for there, and the last sample is represented by `right`.
  bool AddResets(std::span<const HistogramAt> samples, const Bounds& bounds,
                 const FloatHistogram& left, const FloatHistogram& right, TimestampMs start,
                 const AnnotationSite& site, FloatHistogram* change) const {
    size_t next = bounds.first + 1;
    const FloatHistogram* previous = &left;
    const bool interpolated = call_.smoothed && samples[bounds.first].timestamp < start;
    if (interpolated && query::IsCounterReset(*samples[bounds.first].histogram,
                                              *samples[bounds.first + 1].histogram)) {
      previous = samples[bounds.first + 1].histogram.get();
      ++next;
    }
    if (next > bounds.last) return true;
    std::optional<FloatHistogram> correction;
    const auto visit = [&](const FloatHistogram& current) {
      if (query::IsCounterReset(*previous, current)) {
        if (!correction.has_value()) {
          correction = *previous;
        } else if (!AddNoting(*previous, site, &*correction)) {
          return false;
        }
      }
      previous = &current;
      return true;
    };
    for (; next < bounds.last; ++next) {
      if (!visit(*samples[next].histogram)) return false;
    }
    if (!visit(right)) return false;
    return !correction.has_value() || AddNoting(*correction, site, change);
  }

  double RangeSeconds() const { return static_cast<double>(call_.windows.range_ms) / 1000; }

  const RangeCall& call_;
  const RateKind kind_;
};

}  // namespace

std::unique_ptr<RangeFunction> MakeExtendedRate(const RangeCall& call, RateKind kind) {
  return std::make_unique<ExtendedRate>(call, kind);
}

}  // namespace tidegate::promql
