#include "query/promql/functions/over_time.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

#include "query/promql/functions/histogram_over_time.h"
#include "query/promql/functions/window_function.h"
#include "query/vector/sorted_window.h"
#include "query/vector/statistics.h"
#include "query/vector/window_sums.h"

namespace tidegate::promql {
namespace {

using model::TimestampMs;

double Seconds(TimestampMs time) { return static_cast<double>(time) / 1000; }

struct Sum {
  static double OfWindow(std::span<const double> values) {
    query::KahanSum sum;
    for (const double value : values) sum.Add(value);
    return std::isinf(sum.sum) ? sum.sum : sum.Total();
  }
  static double OfFiniteSum(const query::KahanSum& sum, double) { return sum.Total(); }
  static HistogramPtr OfHistograms(std::span<const HistogramAt> samples,
                                   const AnnotationSite& site) {
    return SumHistograms(samples, site);
  }
};

struct Mean {
  static double OfWindow(std::span<const double> values) {
    query::RunningMean mean;
    for (const double value : values) mean.Add(value);
    return mean.Mean();
  }
  static double OfFiniteSum(const query::KahanSum& sum, double count) {
    return sum.sum / count + sum.compensation / count;
  }
  static HistogramPtr OfHistograms(std::span<const HistogramAt> samples,
                                   const AnnotationSite& site) {
    return AverageHistograms(samples, site);
  }
};

// Sums and means of floats or of histograms.
template <typename Total>
class TotalOverTime final : public RangeFunction {
 public:
  explicit TotalOverTime(const RangeCall& call) : call_(call), windows_(call, OfAnyWindow) {}

  absl::Status Apply(const RangeSeries& series, const SeriesWindows& windows,
                     StepSeries* out) override {
    if (!series.histograms.empty()) return windows_.Apply(series, windows, out);
    const WindowIndex& index = windows.floats;
    query::SumWindows(series.values, index.begin, index.end, &sums_);
    for (size_t i = 0; i < call_.steps(); ++i) {
      const uint32_t size = index.end[i] - index.begin[i];
      if (size == 0) continue;
      out->SetFloat(i, std::isfinite(sums_[i].sum)
                           ? Total::OfFiniteSum(sums_[i], size)
                           : Total::OfWindow(series.values.subspan(index.begin[i], size)));
    }
    return absl::OkStatus();
  }

 private:
  static absl::Status OfAnyWindow(const RangeCall& site, const Window& window, StepSeries* out) {
    const AnnotationSite notes{window.labels.metric_name(), site.first_position, site.annotations};
    if (window.mixed()) {
      notes.annotations->Warn(MixedFloatsHistogramsText(notes.metric), notes.position);
    } else if (!window.values.empty()) {
      out->SetFloat(window.step, Total::OfWindow(window.values));
    } else if (HistogramPtr total = Total::OfHistograms(window.histograms, notes);
               total != nullptr) {
      out->SetHistogram(window.step, std::move(total));
    }
    return absl::OkStatus();
  }

  const RangeCall& call_;
  WindowFunction<decltype(&OfAnyWindow)> windows_;
  std::vector<query::KahanSum> sums_;
};

// The position of the extreme value: `better(candidate, best)` decides, NaN loses to everything.
template <typename Better>
size_t FindExtreme(std::span<const double> values, Better better) {
  size_t best = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    if (better(values[i], values[best]) || std::isnan(values[best])) best = i;
  }
  return best;
}

// min_over_time and max_over_time. Windows move forward, so the values that can still become the
// extreme are kept from window to window: each one is better than all that follow it.
template <typename Better>
class ExtremeOverTime final : public RangeFunction {
 public:
  explicit ExtremeOverTime(const RangeCall& call) : call_(call), windows_(call, OfMixedWindow) {}

  absl::Status Apply(const RangeSeries& series, const SeriesWindows& windows,
                     StepSeries* out) override {
    if (!series.histograms.empty()) return windows_.Apply(series, windows, out);
    candidates_.clear();
    size_t first = 0;  // Of the candidates that are not behind the window.
    uint32_t seen = 0;
    for (size_t i = 0; i < call_.steps(); ++i) {
      const uint32_t begin = windows.floats.begin[i];
      const uint32_t end = windows.floats.end[i];
      if (begin == end) continue;
      for (seen = std::max(seen, begin); seen < end; ++seen) AddCandidate(series, first, seen);
      while (first < candidates_.size() && candidates_[first] < begin) ++first;
      out->SetFloat(i, first < candidates_.size() ? series.values[candidates_[first]]
                                                  : series.values[end - 1]);  // NaN only.
    }
    return absl::OkStatus();
  }

 private:
  static absl::Status OfMixedWindow(const RangeCall& site, const Window& window, StepSeries* out) {
    if (window.values.empty()) return absl::OkStatus();
    if (window.mixed()) {
      site.annotations->Inform(HistogramIgnoredInMixedRangeText(window.labels.metric_name()),
                               site.first_position);
    }
    out->SetFloat(window.step, window.values[FindExtreme(window.values, Better())]);
    return absl::OkStatus();
  }

  void AddCandidate(const RangeSeries& series, size_t first, uint32_t index) {
    const double value = series.values[index];
    if (std::isnan(value)) return;
    while (candidates_.size() > first && Better()(value, series.values[candidates_.back()])) {
      candidates_.pop_back();
    }
    candidates_.push_back(index);
  }

  const RangeCall& call_;
  WindowFunction<decltype(&OfMixedWindow)> windows_;
  std::vector<uint32_t> candidates_;  // Ascending.
};

// Windows move forward: the order of what stays in one is kept.
class QuantileOverWindows final : public RangeFunction {
 public:
  explicit QuantileOverWindows(const RangeCall& call)
      : call_(call), windows_(call, OfMixedWindow) {}

  absl::Status Apply(const RangeSeries& series, const SeriesWindows& windows,
                     StepSeries* out) override {
    if (!series.histograms.empty()) return windows_.Apply(series, windows, out);
    sorted_.Clear();
    for (size_t i = 0; i < call_.steps(); ++i) {
      const uint32_t begin = windows.floats.begin[i];
      const uint32_t end = windows.floats.end[i];
      if (begin == end) continue;
      sorted_.MoveTo(series.values, begin, end);
      out->SetFloat(i, query::QuantileOfSorted(CheckedQuantile(call_, i), sorted_));
    }
    return absl::OkStatus();
  }

 private:
  static double CheckedQuantile(const RangeCall& call, size_t step) {
    const double q = call.scalars[0][step];
    if (!(q >= 0 && q <= 1)) call.annotations->Warn(InvalidQuantileText(q), call.first_position);
    return q;
  }

  static absl::Status OfMixedWindow(const RangeCall& site, const Window& window, StepSeries* out) {
    if (window.values.empty()) return absl::OkStatus();
    if (window.mixed()) {
      site.annotations->Inform(HistogramIgnoredInMixedRangeText(window.labels.metric_name()),
                               site.first_position);
    }
    std::vector<double> values(window.values.begin(), window.values.end());
    out->SetFloat(window.step, query::Quantile(CheckedQuantile(site, window.step), &values));
    return absl::OkStatus();
  }

  const RangeCall& call_;
  WindowFunction<decltype(&OfMixedWindow)> windows_;
  query::SortedWindow sorted_;
};

// Whether the float or the histogram at hand is the one that is asked for.
template <typename FloatFirst>
void SetEndSample(const Window& window, size_t f, size_t h, FloatFirst float_first,
                  StepSeries* out) {
  if (window.histograms.empty() ||
      (!window.values.empty() && float_first(window.times[f], window.histograms[h].timestamp))) {
    out->SetFloat(window.step, window.values[f]);
  } else {
    out->SetHistogram(window.step, window.histograms[h].histogram);
  }
}

}  // namespace

std::unique_ptr<RangeFunction> SumOverTime(const RangeCall& call) {
  return std::make_unique<TotalOverTime<Sum>>(call);
}

std::unique_ptr<RangeFunction> AvgOverTime(const RangeCall& call) {
  return std::make_unique<TotalOverTime<Mean>>(call);
}

std::unique_ptr<RangeFunction> CountOverTime(const RangeCall& call) {
  return MakeWindowFunction(call, [](const RangeCall&, const Window& window, StepSeries* out) {
    out->SetFloat(window.step,
                  static_cast<double>(window.values.size() + window.histograms.size()));
    return absl::OkStatus();
  });
}

std::unique_ptr<RangeFunction> PresentOverTime(const RangeCall& call) {
  return MakeWindowFunction(call, [](const RangeCall&, const Window& window, StepSeries* out) {
    out->SetFloat(window.step, 1);
    return absl::OkStatus();
  });
}

std::unique_ptr<RangeFunction> FirstOverTime(const RangeCall& call) {
  return MakeWindowFunction(call, [](const RangeCall&, const Window& window, StepSeries* out) {
    SetEndSample(window, 0, 0, std::less<TimestampMs>(), out);
    return absl::OkStatus();
  });
}

std::unique_ptr<RangeFunction> LastOverTime(const RangeCall& call) {
  return MakeWindowFunction(call, [](const RangeCall&, const Window& window, StepSeries* out) {
    SetEndSample(window, window.values.size() - 1, window.histograms.size() - 1,
                 std::greater<TimestampMs>(), out);
    return absl::OkStatus();
  });
}

std::unique_ptr<RangeFunction> TsOfFirstOverTime(const RangeCall& call) {
  return MakeWindowFunction(call, [](const RangeCall&, const Window& window, StepSeries* out) {
    TimestampMs first = std::numeric_limits<TimestampMs>::max();
    if (!window.times.empty()) first = window.times.front();
    if (!window.histograms.empty()) {
      first = std::min(first, window.histograms.front().timestamp);
    }
    out->SetFloat(window.step, Seconds(first));
    return absl::OkStatus();
  });
}

std::unique_ptr<RangeFunction> TsOfLastOverTime(const RangeCall& call) {
  return MakeWindowFunction(call, [](const RangeCall&, const Window& window, StepSeries* out) {
    TimestampMs last = std::numeric_limits<TimestampMs>::min();
    if (!window.times.empty()) last = window.times.back();
    if (!window.histograms.empty()) last = std::max(last, window.histograms.back().timestamp);
    out->SetFloat(window.step, Seconds(last));
    return absl::OkStatus();
  });
}

std::unique_ptr<RangeFunction> MinOverTime(const RangeCall& call) {
  return std::make_unique<ExtremeOverTime<std::less<double>>>(call);
}

std::unique_ptr<RangeFunction> MaxOverTime(const RangeCall& call) {
  return std::make_unique<ExtremeOverTime<std::greater<double>>>(call);
}

// Of equal values the last one counts.
std::unique_ptr<RangeFunction> TsOfMinOverTime(const RangeCall& call) {
  return MakeFloatWindowFunction(call, [](const Window& window) {
    return Seconds(window.times[FindExtreme(window.values, std::less_equal<double>())]);
  });
}

std::unique_ptr<RangeFunction> TsOfMaxOverTime(const RangeCall& call) {
  return MakeFloatWindowFunction(call, [](const Window& window) {
    return Seconds(window.times[FindExtreme(window.values, std::greater_equal<double>())]);
  });
}

std::unique_ptr<RangeFunction> StddevOverTime(const RangeCall& call) {
  return MakeFloatWindowFunction(
      call, [](const Window& window) { return std::sqrt(query::Variance(window.values)); });
}

std::unique_ptr<RangeFunction> StdvarOverTime(const RangeCall& call) {
  return MakeFloatWindowFunction(
      call, [](const Window& window) { return query::Variance(window.values); });
}

std::unique_ptr<RangeFunction> QuantileOverTime(const RangeCall& call) {
  return std::make_unique<QuantileOverWindows>(call);
}

// The median of the distances to the median.
std::unique_ptr<RangeFunction> MadOverTime(const RangeCall& call) {
  return MakeFloatWindowFunction(
      call, [sorted = std::vector<double>()](const Window& window) mutable {
        sorted.assign(window.values.begin(), window.values.end());
        if (std::any_of(sorted.begin(), sorted.end(), [](double v) { return std::isnan(v); })) {
          return std::numeric_limits<double>::quiet_NaN();
        }
        const double median = query::Quantile(0.5, &sorted);
        for (double& value : sorted) value = std::abs(value - median);
        return query::Quantile(0.5, &sorted);
      });
}

}  // namespace tidegate::promql
