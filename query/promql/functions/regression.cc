#include "query/promql/functions/regression.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "query/promql/functions/window_function.h"
#include "query/vector/kahan.h"

namespace tidegate::promql {
namespace {

using model::TimestampMs;

struct Line {
  double slope = 0;
  double intercept = 0;
};

// Least squares; the intercept is the value at `origin`.
Line FitLine(const Window& window, TimestampMs origin) {
  query::KahanSum sum_x;
  query::KahanSum sum_y;
  query::KahanSum sum_xy;
  query::KahanSum sum_x2;
  bool constant = true;
  for (size_t i = 0; i < window.values.size(); ++i) {
    const double y = window.values[i];
    if (y != window.values[0]) constant = false;
    const double x = static_cast<double>(window.times[i] - origin) / 1e3;
    sum_x.Add(x);
    sum_y.Add(y);
    sum_xy.Add(x * y);
    sum_x2.Add(x * x);
  }
  if (constant) {
    if (std::isinf(window.values[0])) {
      const double nan = std::numeric_limits<double>::quiet_NaN();
      return {nan, nan};
    }
    return {0, window.values[0]};
  }
  const double n = static_cast<double>(window.values.size());
  const double x = sum_x.Total();
  const double y = sum_y.Total();
  const double covariance = sum_xy.Total() - x * y / n;
  const double variance = sum_x2.Total() - x * x / n;
  const double slope = covariance / variance;
  return {slope, y / n - slope * x / n};
}

// Functions of at least two floats.
template <typename OfFloats>
std::unique_ptr<RangeFunction> MakeTrend(const RangeCall& call, OfFloats of_floats) {
  return MakeWindowFunction(
      call, [of_floats](const RangeCall& site, const Window& window, StepSeries* out) {
        if (window.mixed()) {
          site.annotations->Inform(HistogramIgnoredInMixedRangeText(window.labels.metric_name()),
                                   site.first_position);
        }
        if (window.values.size() >= 2) out->SetFloat(window.step, of_floats(site, window));
        return absl::OkStatus();
      });
}

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
  return MakeTrend(call, [](const RangeCall&, const Window& window) {
    // An origin near the samples keeps the digits.
    return FitLine(window, window.times[0]).slope;
  });
}

std::unique_ptr<RangeFunction> PredictLinear(const RangeCall& call) {
  return MakeTrend(call, [](const RangeCall& site, const Window& window) {
    const Line line = FitLine(window, site.windows.grid.at(window.step));
    return line.slope * site.scalars[0][window.step] + line.intercept;
  });
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
