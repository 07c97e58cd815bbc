#include "query/promql/functions/regression.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "query/promql/functions/window_function.h"
#include "query/vector/kahan.h"
#include "query/vector/kahan_pair.h"

namespace tidegate::promql {
namespace {

using model::TimestampMs;

struct Line {
  double slope = 0;
  double intercept = 0;
};

double SecondsBetween(TimestampMs time, TimestampMs origin) {
  return static_cast<double>(time - origin) / 1e3;
}

// The sums of x and of x squared, x being the seconds since `origin`.
struct TimeSums {
  double x = 0;
  double x2 = 0;
};
TimeSums SumTimes(std::span<const TimestampMs> times, TimestampMs origin) {
  query::KahanPair sums;
  for (const TimestampMs time : times) {
    const double x = SecondsBetween(time, origin);
    sums.Add(query::DoublePair{x, x * x});
  }
  return {sums.sum[0] + sums.compensation[0], sums.sum[1] + sums.compensation[1]};
}

// The sums of y and of x times y.
struct ValueSums {
  double y = 0;
  double xy = 0;
  bool constant = true;
};
ValueSums SumValues(std::span<const TimestampMs> times, std::span<const double> values,
                    TimestampMs origin) {
  bool constant = true;
  query::KahanPair sums;
  for (size_t i = 0; i < values.size(); ++i) {
    const double y = values[i];
    constant &= y == values[0];
    sums.Add(query::DoublePair{y, SecondsBetween(times[i], origin) * y});
  }
  if (sums.finite()) {
    return {sums.sum[0] + sums.compensation[0], sums.sum[1] + sums.compensation[1], constant};
  }
  query::KahanSum sum_y;
  query::KahanSum sum_xy;
  for (size_t i = 0; i < values.size(); ++i) {
    sum_y.Add(values[i]);
    sum_xy.Add(SecondsBetween(times[i], origin) * values[i]);
  }
  return {sum_y.Total(), sum_xy.Total(), constant};
}

// Least squares; the intercept is the value at the origin of the sums.
Line FitLine(const TimeSums& of_times, const ValueSums& of_values, double first_value, double n) {
  if (of_values.constant) {
    if (std::isinf(first_value)) {
      const double nan = std::numeric_limits<double>::quiet_NaN();
      return {nan, nan};
    }
    return {0, first_value};
  }
  const double covariance = of_values.xy - of_times.x * of_values.y / n;
  const double variance = of_times.x2 - of_times.x * of_times.x / n;
  const double slope = covariance / variance;
  return {slope, of_values.y / n - slope * of_times.x / n};
}

struct Slope {
  // An origin near the samples keeps the digits.
  static TimestampMs Origin(const RangeCall&, size_t, TimestampMs first) { return first; }
  static double Result(const RangeCall&, size_t, const Line& line) { return line.slope; }
};

struct Prediction {
  static TimestampMs Origin(const RangeCall& call, size_t step, TimestampMs) {
    return call.windows.grid.at(step);
  }
  static double Result(const RangeCall& call, size_t step, const Line& line) {
    return line.slope * call.scalars[0][step] + line.intercept;
  }
};

// Functions of the line through at least two floats. What depends on times alone is computed once
// for all series that were scraped together.
template <typename Kind>
class Trend final : public RangeFunction {
 public:
  explicit Trend(const RangeCall& call) : call_(call), windows_(call, OfMixedWindow) {}

  absl::Status Apply(const RangeSeries& series, const SeriesWindows& windows,
                     StepSeries* out) override {
    if (!series.histograms.empty()) return windows_.Apply(series, windows, out);
    if (&windows.floats != known_times_) TakeTimes(series.times, windows.floats);
    for (size_t i = 0; i < call_.steps(); ++i) {
      const uint32_t begin = windows.floats.begin[i];
      const uint32_t size = windows.floats.end[i] - begin;
      if (size < 2) continue;
      out->SetFloat(i, OfWindow(call_, i, series.times.subspan(begin, size),
                                series.values.subspan(begin, size), of_times_[i]));
    }
    return absl::OkStatus();
  }

 private:
  static double OfWindow(const RangeCall& call, size_t step, std::span<const TimestampMs> times,
                         std::span<const double> values, const TimeSums& of_times) {
    const ValueSums of_values = SumValues(times, values, Kind::Origin(call, step, times[0]));
    return Kind::Result(
        call, step, FitLine(of_times, of_values, values[0], static_cast<double>(values.size())));
  }

  static absl::Status OfMixedWindow(const RangeCall& site, const Window& window, StepSeries* out) {
    if (window.mixed()) {
      site.annotations->Inform(HistogramIgnoredInMixedRangeText(window.labels.metric_name()),
                               site.first_position);
    }
    if (window.values.size() < 2) return absl::OkStatus();
    const TimestampMs origin = Kind::Origin(site, window.step, window.times[0]);
    out->SetFloat(window.step, OfWindow(site, window.step, window.times, window.values,
                                        SumTimes(window.times, origin)));
    return absl::OkStatus();
  }

  void TakeTimes(std::span<const TimestampMs> times, const WindowIndex& windows) {
    known_times_ = &windows;
    of_times_.resize(call_.steps());
    for (size_t i = 0; i < call_.steps(); ++i) {
      const uint32_t begin = windows.begin[i];
      const uint32_t size = windows.end[i] - begin;
      if (size < 2) continue;
      of_times_[i] = SumTimes(times.subspan(begin, size), Kind::Origin(call_, i, times[begin]));
    }
  }

  const RangeCall& call_;
  WindowFunction<decltype(&OfMixedWindow)> windows_;
  const WindowIndex* known_times_ = nullptr;
  std::vector<TimeSums> of_times_;  // By step.
};

double Smooth(std::span<const double> values, double smoothing, double trend_factor) {
  double previous = 0;
  double smoothed = values[0];
  double trend = values[1] - values[0];
  for (size_t i = 1; i < values.size(); ++i) {
    const double scaled = smoothing * values[i];
    if (i > 1) trend = trend_factor * (smoothed - previous) + (1 - trend_factor) * trend;
    const double expected = (1 - smoothing) * (smoothed + trend);
    previous = smoothed;
    smoothed = scaled + expected;
  }
  return smoothed;
}

}  // namespace

std::unique_ptr<RangeFunction> Deriv(const RangeCall& call) {
  return std::make_unique<Trend<Slope>>(call);
}

std::unique_ptr<RangeFunction> PredictLinear(const RangeCall& call) {
  return std::make_unique<Trend<Prediction>>(call);
}

std::unique_ptr<RangeFunction> DoubleExponentialSmoothing(const RangeCall& call) {
  return MakeWindowFunction(
      call, [](const RangeCall& site, const Window& window, StepSeries* out) -> absl::Status {
        const double smoothing = site.scalars[0][window.step];
        const double trend = site.scalars[1][window.step];
        if (smoothing <= 0 || smoothing >= 1) {
          return absl::FailedPreconditionError(
              fmt::format("invalid smoothing factor. Expected: 0 < sf < 1, got: {:f}", smoothing));
        }
        if (trend <= 0 || trend >= 1) {
          return absl::FailedPreconditionError(
              fmt::format("invalid trend factor. Expected: 0 < tf < 1, got: {:f}", trend));
        }
        if (window.mixed()) {
          site.annotations->Inform(HistogramIgnoredInMixedRangeText(window.labels.metric_name()),
                                   site.first_position);
        }
        if (window.values.size() >= 2) {
          out->SetFloat(window.step, Smooth(window.values, smoothing, trend));
        }
        return absl::OkStatus();
      });
}

}  // namespace tidegate::promql
