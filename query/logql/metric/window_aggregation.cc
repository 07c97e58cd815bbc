#include "query/logql/metric/window_aggregation.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <span>

namespace tidegate::logql {
namespace {

using Window = std::span<const RangeSample>;

double Sum(Window window) {
  return std::accumulate(window.begin(), window.end(), 0.0,
                         [](double sum, const RangeSample& sample) { return sum + sample.value; });
}

double Mean(Window window) {
  double mean = 0;
  double count = 0;
  for (const RangeSample& sample : window) {
    ++count;
    mean += sample.value / count - mean / count;
  }
  return mean;
}

// Of the population (Welford).
double Variance(Window window) {
  double mean = 0;
  double sum = 0;
  double count = 0;
  for (const RangeSample& sample : window) {
    ++count;
    const double delta = sample.value - mean;
    mean += delta / count;
    sum += delta * (sample.value - mean);
  }
  return sum / count;
}

double Quantile(double q, Window window) {
  if (std::isnan(q)) return q;
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (q < 0) return -kInfinity;
  if (q > 1) return kInfinity;
  std::vector<double> values;
  for (const RangeSample& sample : window) values.push_back(sample.value);
  std::sort(values.begin(), values.end());
  const double rank = q * static_cast<double>(values.size() - 1);
  const double lower = std::floor(rank);
  const auto low = static_cast<size_t>(lower);
  const size_t high = std::min(low + 1, values.size() - 1);
  const double weight = rank - lower;
  return values[low] * (1 - weight) + values[high] * weight;
}

// The smallest or largest value that is a number; NaN without any.
double Extreme(Window window, bool largest) {
  double extreme = std::numeric_limits<double>::quiet_NaN();
  for (const RangeSample& sample : window) {
    const bool better = largest ? sample.value > extreme : sample.value < extreme;
    if (better || std::isnan(extreme)) extreme = sample.value;
  }
  return extreme;
}

// (begin, end], nanoseconds.
struct WindowBounds {
  model::TimestampNs begin = 0;
  model::TimestampNs end = 0;
};

// Prometheus' extrapolatedRate of a counter.
double CounterRate(Window window, const WindowBounds& bounds) {
  if (window.size() < 2) return 0;
  double increase = window.back().value - window.front().value;
  for (size_t i = 1; i < window.size(); ++i) {
    if (window[i].value < window[i - 1].value) increase += window[i - 1].value;
  }
  const auto seconds = [](model::TimestampNs from, model::TimestampNs to) {
    return static_cast<double>(to - from) / 1e9;
  };
  const double sampled = seconds(window.front().timestamp, window.back().timestamp);
  const double average = sampled / static_cast<double>(window.size() - 1);
  const double to_end = seconds(window.back().timestamp, bounds.end);
  double to_start = seconds(bounds.begin, window.front().timestamp);
  if (increase > 0 && window.front().value >= 0) {
    to_start = std::min(to_start, sampled * (window.front().value / increase));
  }
  // A gap wider than this says that the counter began or ended there.
  constexpr double kFarFactor = 1.1;
  const auto extended = [&](double gap) { return gap < average * kFarFactor ? gap : average / 2; };
  const double covered = sampled + extended(to_start) + extended(to_end);
  return increase * (covered / sampled) / seconds(bounds.begin, bounds.end);
}

double Aggregate(const RangeAggregation& aggregation, Window window, const WindowBounds& bounds) {
  const double seconds = static_cast<double>(aggregation.range.range_ns) / 1e9;
  switch (aggregation.op) {
    case RangeOp::kCount:
      return static_cast<double>(window.size());
    case RangeOp::kRate:
      return aggregation.range.unwrap.has_value() ? Sum(window) / seconds
                                                  : static_cast<double>(window.size()) / seconds;
    case RangeOp::kBytes:
    case RangeOp::kSum:
      return Sum(window);
    case RangeOp::kBytesRate:
      return Sum(window) / seconds;
    case RangeOp::kRateCounter:
      return CounterRate(window, bounds);
    case RangeOp::kAvg:
      return Mean(window);
    case RangeOp::kMin:
      return Extreme(window, false);
    case RangeOp::kMax:
      return Extreme(window, true);
    case RangeOp::kStdvar:
      return Variance(window);
    case RangeOp::kStddev:
      return std::sqrt(Variance(window));
    case RangeOp::kQuantile:
      return Quantile(*aggregation.parameter, window);
    case RangeOp::kFirst:
      return window.front().value;
    default:
      return window.back().value;
  }
}

}  // namespace

std::vector<std::optional<double>> AggregateTotals(const RangeAggregation& aggregation,
                                                   const StepTotals& totals) {
  const bool sums = aggregation.op == RangeOp::kBytes || aggregation.op == RangeOp::kBytesRate;
  const bool rates = aggregation.op == RangeOp::kRate || aggregation.op == RangeOp::kBytesRate;
  const double seconds = static_cast<double>(aggregation.range.range_ns) / 1e9;
  std::vector<std::optional<double>> values;
  for (const StepTotals::Total& total : totals.Totals()) {
    std::optional<double>& value = values.emplace_back();
    if (total.count == 0) continue;
    value = static_cast<double>(sums ? total.sum : total.count);
    if (rates) *value /= seconds;
  }
  return values;
}

std::vector<std::optional<double>> AggregateWindows(const RangeAggregation& aggregation,
                                                    const MetricGrid& grid,
                                                    const std::vector<RangeSample>& samples) {
  std::vector<std::optional<double>> values(grid.size());
  size_t begin = 0;
  size_t end = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    const model::TimestampNs last = Moved(grid.at(i), -aggregation.range.offset_ns);
    const model::TimestampNs before_first = Moved(last, -aggregation.range.range_ns);
    while (end < samples.size() && samples[end].timestamp <= last) ++end;
    while (begin < end && samples[begin].timestamp <= before_first) ++begin;
    if (begin == end) continue;
    values[i] =
        Aggregate(aggregation, Window(samples).subspan(begin, end - begin), {before_first, last});
  }
  return values;
}

}  // namespace tidegate::logql
