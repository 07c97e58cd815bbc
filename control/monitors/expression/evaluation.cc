#include "control/monitors/expression/evaluation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

namespace tidegate::control {
namespace {

using SeriesList = std::vector<MinuteSeries>;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

double Mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double Deviation(const std::vector<double>& values) {
  const double mean = Mean(values);
  double sum = 0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return std::sqrt(sum / static_cast<double>(values.size()));
}

// Between the two nearest values, as far as the percentage lies.
double Percentile(std::vector<double> values, double percentage) {
  std::sort(values.begin(), values.end());
  const double rank = percentage / 100 * static_cast<double>(values.size() - 1);
  const auto below = static_cast<size_t>(rank);
  const size_t above = std::min(below + 1, values.size() - 1);
  const double part = rank - static_cast<double>(below);
  return values[below] + part * (values[above] - values[below]);
}

double Aggregate(const Expression& call, const std::vector<double>& values) {
  switch (call.function) {
    case ExpressionFunction::kAvg:
      return Mean(values);
    case ExpressionFunction::kMax:
      return *std::max_element(values.begin(), values.end());
    case ExpressionFunction::kMin:
      return *std::min_element(values.begin(), values.end());
    case ExpressionFunction::kStddev:
      return Deviation(values);
    case ExpressionFunction::kPercentile:
      return Percentile(values, call.factor);
    case ExpressionFunction::kProduct: {
      double product = 1;
      for (const double value : values) product *= value;
      return product;
    }
    default: {
      double sum = 0;
      for (const double value : values) sum += value;
      return sum;
    }
  }
}

// A line through the values of a range, by least squares. Nothing below two values.
struct Line {
  double at_now = 0;
  double slope = 0;  // Per minute.
};

std::optional<Line> Fit(const std::vector<double>& values, MinuteRange range, int64_t now) {
  double n = 0, sum_x = 0, sum_y = 0, sum_xx = 0, sum_xy = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(values[i])) continue;
    const auto x = static_cast<double>(range.first + static_cast<int64_t>(i) - now);
    n += 1;
    sum_x += x;
    sum_y += values[i];
    sum_xx += x * x;
    sum_xy += x * values[i];
  }
  const double spread = n * sum_xx - sum_x * sum_x;
  if (n < 2 || spread == 0) return std::nullopt;
  const double slope = (n * sum_xy - sum_x * sum_y) / spread;
  return Line{(sum_y - slope * sum_x) / n, slope};
}

// How long the line takes to the threshold. One that was crossed within the window is reached; one
// that it moves away from never is.
double SecondsLeft(const Line& line, double threshold, int64_t window) {
  const double distance = threshold - line.at_now;
  const double before = distance + line.slope * static_cast<double>(window);
  if (distance == 0 || (before < 0) != (distance < 0)) return 0;
  const double minutes = distance / line.slope;
  return line.slope == 0 || minutes < 0 ? std::numeric_limits<double>::infinity() : minutes * 60;
}

class Evaluator {
 public:
  Evaluator(int64_t now, ExpressionSource* source) : now_(now), source_(*source) {}

  absl::StatusOr<SeriesList> Run(const Expression& call, MinuteRange range) {
    switch (call.function) {
      case ExpressionFunction::kHost:
      case ExpressionFunction::kService:
      case ExpressionFunction::kRole:
      case ExpressionFunction::kRoleSlots:
        return Load(call, range);
      case ExpressionFunction::kDiff:
      case ExpressionFunction::kDivide:
        return Pairs(call, range);
      case ExpressionFunction::kTimeShift:
        return Shift(call, range);
      case ExpressionFunction::kMovingAverage:
        return Moving(call, range);
      case ExpressionFunction::kLinearRegression:
      case ExpressionFunction::kTimeLeftForecast:
        return Trend(call, range);
      case ExpressionFunction::kGroup:
      case ExpressionFunction::kStack:
        return Group(call, range);
      case ExpressionFunction::kScale:
      case ExpressionFunction::kOffset:
      case ExpressionFunction::kAlias:
        return Each(call, range);
      default:
        return Together(call, range);
    }
  }

 private:
  absl::StatusOr<SeriesList> Load(const Expression& call, MinuteRange range) {
    absl::StatusOr<SeriesList> list = source_.Load(call, range);
    if (!list.ok()) return list;
    values_ += list->size() * range.size();
    if (values_ > kMaxExpressionValues) {
      return absl::FailedPreconditionError(
          fmt::format("the expression looks at more than {} values", kMaxExpressionValues));
    }
    return list;
  }

  absl::StatusOr<SeriesList> Group(const Expression& call, MinuteRange range) {
    SeriesList all;
    for (const Expression& operand : call.operands) {
      absl::StatusOr<SeriesList> list = Run(operand, range);
      if (!list.ok()) return list;
      for (MinuteSeries& series : *list) all.push_back(std::move(series));
    }
    return all;
  }

  absl::StatusOr<SeriesList> Each(const Expression& call, MinuteRange range) {
    absl::StatusOr<SeriesList> list = Run(call.operands[0], range);
    if (!list.ok()) return list;
    for (MinuteSeries& series : *list) {
      if (call.function == ExpressionFunction::kAlias) series.name = call.name;
      for (double& value : series.values) {
        if (call.function == ExpressionFunction::kScale) value *= call.factor;
        if (call.function == ExpressionFunction::kOffset) value += call.factor;
      }
    }
    return list;
  }

  absl::StatusOr<SeriesList> Together(const Expression& call, MinuteRange range) {
    const absl::StatusOr<SeriesList> list = Run(call.operands[0], range);
    if (!list.ok()) return list;
    MinuteSeries result{FormatExpression(call), std::vector<double>(range.size(), kNone)};
    std::vector<double> present;
    for (size_t i = 0; i < range.size(); ++i) {
      present.clear();
      for (const MinuteSeries& series : *list) {
        if (!std::isnan(series.values[i])) present.push_back(series.values[i]);
      }
      if (!present.empty()) result.values[i] = Aggregate(call, present);
    }
    return SeriesList{std::move(result)};
  }

  absl::StatusOr<SeriesList> Pairs(const Expression& call, MinuteRange range) {
    absl::StatusOr<SeriesList> left = Run(call.operands[0], range);
    if (!left.ok()) return left;
    const absl::StatusOr<SeriesList> right = Run(call.operands[1], range);
    if (!right.ok()) return right;
    if (left->size() != right->size() && right->size() != 1) {
      return absl::FailedPreconditionError(
          fmt::format("{} and {} series cannot be paired", left->size(), right->size()));
    }
    for (size_t i = 0; i < left->size(); ++i) {
      const MinuteSeries& other = (*right)[right->size() == 1 ? 0 : i];
      for (size_t j = 0; j < range.size(); ++j) {
        double& value = (*left)[i].values[j];
        if (call.function == ExpressionFunction::kDiff) {
          value -= other.values[j];
        } else {
          value = other.values[j] == 0 ? kNone : value / other.values[j];
        }
      }
    }
    return left;
  }

  absl::StatusOr<SeriesList> Shift(const Expression& call, MinuteRange range) {
    const int64_t by = absl::ToInt64Minutes(call.duration);
    return Run(call.operands[0], {range.first - by, range.last - by});
  }

  // The mean of what there is in the window that ends at each minute.
  absl::StatusOr<SeriesList> Moving(const Expression& call, MinuteRange range) {
    const int64_t window = absl::ToInt64Minutes(call.duration);
    absl::StatusOr<SeriesList> list = Run(call.operands[0], {range.first - window + 1, range.last});
    if (!list.ok()) return list;
    for (MinuteSeries& series : *list) {
      std::vector<double> averages(range.size(), kNone);
      double sum = 0;
      int64_t count = 0;
      for (size_t i = 0; i < series.values.size(); ++i) {
        if (!std::isnan(series.values[i])) sum += series.values[i], ++count;
        const int64_t gone = static_cast<int64_t>(i) - window;
        if (gone >= 0 && !std::isnan(series.values[static_cast<size_t>(gone)])) {
          sum -= series.values[static_cast<size_t>(gone)];
          --count;
        }
        const int64_t at = static_cast<int64_t>(i) - (window - 1);
        if (at >= 0 && count > 0)
          averages[static_cast<size_t>(at)] = sum / static_cast<double>(count);
      }
      series.values = std::move(averages);
    }
    return list;
  }

  absl::StatusOr<SeriesList> Trend(const Expression& call, MinuteRange range) {
    const MinuteRange past{now_ - absl::ToInt64Minutes(call.duration), now_};
    absl::StatusOr<SeriesList> list = Run(call.operands[0], past);
    if (!list.ok()) return list;
    for (MinuteSeries& series : *list) {
      const std::optional<Line> line = Fit(series.values, past, now_);
      series.values.assign(range.size(), kNone);
      if (!line.has_value()) continue;
      for (size_t i = 0; i < range.size(); ++i) {
        const auto x = static_cast<double>(range.first + static_cast<int64_t>(i) - now_);
        series.values[i] = call.function == ExpressionFunction::kLinearRegression
                               ? line->at_now + line->slope * x
                               : SecondsLeft(*line, call.factor, now_ - past.first);
      }
    }
    return list;
  }

  const int64_t now_;
  ExpressionSource& source_;
  size_t values_ = 0;  // Loaded so far.
};

}  // namespace

absl::StatusOr<std::vector<MinuteSeries>> EvaluateExpression(const Expression& expression,
                                                             MinuteRange range, int64_t now,
                                                             ExpressionSource* source) {
  return Evaluator(now, source).Run(expression, range);
}

}  // namespace tidegate::control
