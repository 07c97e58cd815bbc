#include "query/promql/functions/rate.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "query/histogram/arithmetic.h"
#include "query/promql/functions/extended_rate.h"
#include "query/promql/functions/histogram_rate.h"
#include "query/promql/functions/start_time.h"

namespace tidegate::promql {
namespace {

using model::FloatHistogram;
using model::TimestampMs;

// What extrapolation needs of time alone: it is the same for all series with one time column.
struct TimeFactors {
  double sampled = 0;   // Seconds from the first to the last sample.
  double to_start = 0;  // Seconds by which the window is extended on either side.
  double to_end = 0;
  double factor = 1;  // Of the plain difference, when the counter does not reach zero earlier.
};

// The distance to the border of the window when that is close, half a sample interval otherwise.
double Reach(double distance, double interval) {
  return distance >= interval * 1.1 ? interval / 2 : distance;
}

class ExtrapolatedRate final : public RangeFunction {
 public:
  ExtrapolatedRate(const RangeCall& call, RateKind kind)
      : call_(call),
        kind_(kind),
        range_seconds_(static_cast<double>(call.windows.range_ms) / 1000) {}

  absl::Status Apply(const RangeSeries& series, const SeriesWindows& windows,
                     StepSeries* out) override {
    if (!series.histograms.empty()) {
      ApplyMixed(series, windows, out);
    } else if (!series.start_times.empty()) {
      FindResets(series);
      for (size_t i = 0; i < call_.steps(); ++i)
        ApplyWithStartTimes(series, windows.floats, i, out);
    } else {
      ApplyFloats(series, windows.floats, out);
    }
    return absl::OkStatus();
  }

 private:
  // The plain case: floats only, no start timestamps.
  void ApplyFloats(const RangeSeries& series, const WindowIndex& index, StepSeries* out) {
    const std::vector<TimeFactors>& factors = FactorsFor(series.times, index);
    FindResets(series);
    const double* values = series.values.data();
    size_t reset = 0;
    for (size_t i = 0; i < call_.steps(); ++i) {
      const uint32_t begin = index.begin[i];
      const uint32_t end = index.end[i];
      if (end < begin + 2) continue;
      const double first = values[begin];
      double increase = values[end - 1] - first;
      if (kind_.counter) {
        while (reset < resets_.size() && resets_[reset] <= begin) ++reset;
        for (size_t r = reset; r < resets_.size() && resets_[r] < end; ++r) {
          increase += values[resets_[r] - 1];
        }
      }
      out->SetFloat(i, increase * FactorOf(factors[i], first, increase));
    }
  }

  // Counters cannot be negative: the window is not extended beyond the point where they were zero.
  double FactorOf(const TimeFactors& time, double first, double increase) const {
    if (!kind_.counter || !(increase > 0) || !(first >= 0)) return time.factor;
    const double to_zero = time.sampled * (first / increase);
    if (!(to_zero < time.to_start)) return time.factor;
    return Finish((time.sampled + to_zero + time.to_end) / time.sampled);
  }

  double Finish(double factor) const { return kind_.per_second ? factor / range_seconds_ : factor; }

  TimeFactors FactorsOf(TimestampMs first, TimestampMs last, size_t gaps, size_t step) const {
    TimeFactors time;
    time.sampled = static_cast<double>(last - first) / 1000;
    const double interval = gaps == 0 ? 0 : time.sampled / static_cast<double>(gaps);
    time.to_start = Reach(static_cast<double>(first - call_.windows.start(step)) / 1000, interval);
    time.to_end = Reach(static_cast<double>(call_.windows.end(step) - last) / 1000, interval);
    time.factor = Finish((time.sampled + time.to_start + time.to_end) / time.sampled);
    return time;
  }

  const std::vector<TimeFactors>& FactorsFor(std::span<const TimestampMs> times,
                                             const WindowIndex& index) {
    if (factors_of_ == &index) return factors_;
    factors_of_ = &index;
    factors_.assign(call_.steps(), TimeFactors());
    for (size_t i = 0; i < call_.steps(); ++i) {
      const uint32_t begin = index.begin[i];
      const uint32_t end = index.end[i];
      if (end >= begin + 2)
        factors_[i] = FactorsOf(times[begin], times[end - 1], end - begin - 1, i);
    }
    return factors_;
  }

  // The samples at which the counter started over.
  void FindResets(const RangeSeries& series) {
    resets_.clear();
    if (!kind_.counter) return;
    const double* values = series.values.data();
    const size_t size = series.values.size();
    for (size_t i = 1; i < size; ++i) {
      if (values[i] < values[i - 1]) resets_.push_back(static_cast<uint32_t>(i));
    }
    if (series.start_times.empty()) return;
    for (size_t i = 1; i < size; ++i) {
      if (values[i] < values[i - 1]) continue;
      if (IsStartTimeReset(StartAt(series, i - 1), StartAt(series, i))) {
        resets_.push_back(static_cast<uint32_t>(i));
      }
    }
    std::sort(resets_.begin(), resets_.end());
  }

  static TimedStart StartAt(const RangeSeries& series, size_t i) {
    return {series.StartTime(i), series.times[i]};
  }

  void NoteOverlap(const RangeSeries& series, uint32_t begin, uint32_t end) {
    for (uint32_t i = begin + 1; i < end; ++i) {
      if (StartTimesOverlap(StartAt(series, i - 1), StartAt(series, i))) {
        call_.annotations->Warn(StartTimeOverlapText(series.labels.metric_name()), call_.position);
        return;
      }
    }
  }

  // A start timestamp inside the window is a sample with the value zero: nothing is extrapolated on
  // that side, and one sample is enough.
  bool StartsInside(TimestampMs start, TimestampMs first, size_t step) const {
    return kind_.counter && start != 0 && start > call_.windows.start(step) && start < first;
  }

  TimeFactors FactorsFromStart(TimestampMs start, const TimeFactors& time, TimestampMs last,
                               size_t gaps, size_t step) const {
    TimeFactors result;
    result.sampled = static_cast<double>(last - start) / 1000;
    const double interval = gaps == 0 ? 0 : time.sampled / static_cast<double>(gaps);
    result.to_end = Reach(static_cast<double>(call_.windows.end(step) - last) / 1000, interval);
    const double factor =
        result.sampled == 0 ? 1 : (result.sampled + result.to_end) / result.sampled;
    result.factor = Finish(factor);
    return result;
  }

  void ApplyWithStartTimes(const RangeSeries& series, const WindowIndex& index, size_t step,
                           StepSeries* out) {
    const uint32_t begin = index.begin[step];
    const uint32_t end = index.end[step];
    if (begin >= end) return;
    const size_t gaps = end - begin - 1;
    const double first = series.values[begin];
    double increase = series.values[end - 1] - first;
    if (kind_.counter) {
      NoteOverlap(series, begin, end);
      for (auto it = std::upper_bound(resets_.begin(), resets_.end(), begin);
           it != resets_.end() && *it < end; ++it) {
        increase += series.values[*it - 1];
      }
    }
    const TimestampMs last_time = series.times[end - 1];
    const TimeFactors time = FactorsOf(series.times[begin], last_time, gaps, step);
    const TimestampMs start = series.StartTime(begin);
    if (StartsInside(start, series.times[begin], step)) {
      increase += first;
      out->SetFloat(step, increase * FactorsFromStart(start, time, last_time, gaps, step).factor);
    } else if (gaps > 0) {
      out->SetFloat(step, increase * FactorOf(time, first, increase));
    }
  }

  // Series with histograms: every window has one kind of sample, or no result.
  void ApplyMixed(const RangeSeries& series, const SeriesWindows& windows, StepSeries* out) {
    const AnnotationSite site{series.labels.metric_name(), call_.position, call_.annotations};
    FindResets(series);
    for (size_t i = 0; i < call_.steps(); ++i) {
      const bool floats = windows.floats.begin[i] < windows.floats.end[i];
      const bool histograms = windows.histograms.begin[i] < windows.histograms.end[i];
      if (floats && histograms) {
        site.annotations->Warn(MixedFloatsHistogramsText(site.metric), site.position);
      } else if (floats) {
        ApplyWithStartTimes(series, windows.floats, i, out);
      } else if (histograms) {
        ApplyHistograms(
            series.histograms.subspan(windows.histograms.begin[i],
                                      windows.histograms.end[i] - windows.histograms.begin[i]),
            site, i, out);
      }
    }
  }

  void ApplyHistograms(std::span<const HistogramAt> samples, const AnnotationSite& site,
                       size_t step, StepSeries* out) {
    const size_t gaps = samples.size() - 1;
    const HistogramAt& first = samples.front();
    const TimestampMs last_time = samples.back().timestamp;
    std::optional<FloatHistogram> increase;
    if (gaps > 0) {
      increase = HistogramIncrease(samples, kind_.counter, site);
      if (!increase.has_value()) return;
    }
    const TimeFactors time = FactorsOf(first.timestamp, last_time, gaps, step);
    double factor = 0;
    if (StartsInside(first.start_timestamp, first.timestamp, step)) {
      if (!increase.has_value()) {
        increase = *first.histogram;
      } else if (!AddNoting(*first.histogram, site, &*increase)) {
        return;
      }
      factor = FactorsFromStart(first.start_timestamp, time, last_time, gaps, step).factor;
    } else if (gaps == 0) {
      return;
    } else {
      // The zero point of a histogram is that of its count.
      factor = increase->count > 0 && first.histogram->count >= 0
                   ? FactorOf(time, first.histogram->count, increase->count)
                   : time.factor;
    }
    query::Multiply(factor, &*increase);
    out->SetHistogram(step, std::make_shared<const FloatHistogram>(*std::move(increase)));
  }

  const RangeCall& call_;
  const RateKind kind_;
  const double range_seconds_;
  std::vector<uint32_t> resets_;
  std::vector<TimeFactors> factors_;
  const WindowIndex* factors_of_ = nullptr;
};

std::unique_ptr<RangeFunction> MakeRate(const RangeCall& call, RateKind kind) {
  if (call.anchored || call.smoothed) return MakeExtendedRate(call, kind);
  return std::make_unique<ExtrapolatedRate>(call, kind);
}

}  // namespace

std::unique_ptr<RangeFunction> Rate(const RangeCall& call) {
  return MakeRate(call, {.counter = true, .per_second = true});
}

std::unique_ptr<RangeFunction> Increase(const RangeCall& call) {
  return MakeRate(call, {.counter = true, .per_second = false});
}

std::unique_ptr<RangeFunction> Delta(const RangeCall& call) {
  return MakeRate(call, {.counter = false, .per_second = false});
}

}  // namespace tidegate::promql
