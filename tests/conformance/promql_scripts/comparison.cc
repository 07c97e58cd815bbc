#include "tests/conformance/promql_scripts/comparison.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <vector>

#include "query/histogram/arithmetic.h"
#include "query/histogram/text.h"
#include "query/rules/histogram_notation.h"
#include "tests/conformance/promql_scripts/loader.h"

namespace tidegate::conformance {
namespace {

using model::FloatHistogram;
using promql::SeriesValue;
using query::ResultSeries;

constexpr double kTolerance = 1e-6;

bool Near(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
  if (a == b) return true;
  const double sum = std::abs(a) + std::abs(b);
  const double difference = std::abs(a - b);
  constexpr double kMinNormal = std::numeric_limits<double>::min();
  if (a == 0 || b == 0 || sum < kMinNormal) return difference < kTolerance * kMinNormal;
  return difference / std::min(sum, std::numeric_limits<double>::max()) < kTolerance;
}

bool Near(const std::vector<double>& a, const std::vector<double>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](double x, double y) { return Near(x, y); });
}

bool Near(FloatHistogram expected, FloatHistogram actual, bool compare_hint) {
  query::Compact(&expected);
  query::Compact(&actual);
  if (compare_hint && expected.counter_reset_hint != actual.counter_reset_hint) return false;
  return expected.schema == actual.schema && Near(expected.count, actual.count) &&
         Near(expected.sum, actual.sum) && Near(expected.zero_threshold, actual.zero_threshold) &&
         Near(expected.zero_count, actual.zero_count) &&
         expected.positive_spans == actual.positive_spans &&
         expected.negative_spans == actual.negative_spans &&
         Near(expected.positive_buckets, actual.positive_buckets) &&
         Near(expected.negative_buckets, actual.negative_buckets) &&
         Near(expected.custom_values, actual.custom_values);
}

std::string Text(const FloatHistogram& histogram) {
  std::string bounds;
  for (const double bound : histogram.custom_values) bounds += fmt::format(" {}", bound);
  return fmt::format("{} schema {} hint {} zero {} bounds [{}]", query::ToText(histogram),
                     histogram.schema, static_cast<int>(histogram.counter_reset_hint),
                     histogram.zero_threshold, bounds);
}

// What a series has at one time.
struct Point {
  std::optional<double> value;
  std::optional<FloatHistogram> histogram;

  bool empty() const { return !value.has_value() && !histogram.has_value(); }
  std::string ToString() const {
    if (value.has_value()) return fmt::format("{}", *value);
    return histogram.has_value() ? Text(*histogram) : "nothing";
  }
};

Point PointAt(const ResultSeries& series, int64_t time) {
  for (const query::FloatPoint& point : series.floats) {
    if (point.timestamp == time) return {point.value, std::nullopt};
  }
  for (const query::HistogramPoint& point : series.histograms) {
    if (point.timestamp == time) return {std::nullopt, *point.histogram};
  }
  return {};
}

Point ExpectedPoint(const SeriesValue& value) {
  if (value.kind == SeriesValue::Kind::kFloat) return {value.number, std::nullopt};
  if (value.kind == SeriesValue::Kind::kHistogram) return {std::nullopt, query::HistogramOf(value)};
  return {};
}

std::string ComparePoint(const model::Labels& labels, int64_t time, const SeriesValue& value,
                         const Point& actual) {
  const Point expected = ExpectedPoint(value);
  bool same = expected.empty() == actual.empty();
  if (expected.value.has_value()) {
    same = actual.value.has_value() && Near(*expected.value, *actual.value);
  } else if (expected.histogram.has_value()) {
    same = actual.histogram.has_value() &&
           Near(*expected.histogram, *actual.histogram, value.base->counter_reset.has_value());
  }
  if (same) return "";
  return fmt::format("{} at {} ms: expected {}, got {}", model::ToMetricString(labels), time,
                     expected.ToString(), actual.ToString());
}

bool ExpectsNothing(const promql::SeriesDescription& series) {
  return std::all_of(series.values.begin(), series.values.end(), [](const SeriesValue& value) {
    return value.kind == SeriesValue::Kind::kGap;
  });
}

using SeriesByLabels = std::map<std::string, const ResultSeries*>;

SeriesByLabels Index(const std::vector<ResultSeries>& series) {
  SeriesByLabels by_labels;
  for (const ResultSeries& one : series) by_labels[std::string(one.labels.bytes())] = &one;
  return by_labels;
}

// Every expected series must be there with its points, and nothing else.
std::string CompareMatrix(const EvalCommand& expected, const EvalGrid& grid,
                          const std::vector<ResultSeries>& actual) {
  SeriesByLabels by_labels = Index(actual);
  for (const promql::SeriesDescription& series : expected.series) {
    if (ExpectsNothing(series)) continue;
    const model::Labels labels = ToLabels(series.labels);
    const auto it = by_labels.find(std::string(labels.bytes()));
    if (it == by_labels.end()) {
      return fmt::format("missing series {}", model::ToMetricString(labels));
    }
    size_t found = 0;
    for (size_t i = 0; i < series.values.size(); ++i) {
      const int64_t time = grid.start_ms + static_cast<int64_t>(i) * grid.step_ms;
      const Point point = PointAt(*it->second, time);
      std::string difference = ComparePoint(labels, time, series.values[i], point);
      if (!difference.empty()) return difference;
      if (!point.empty()) ++found;
    }
    const size_t points = it->second->floats.size() + it->second->histograms.size();
    if (points != found) {
      return fmt::format("{} has {} points more than expected", model::ToMetricString(labels),
                         points - found);
    }
    by_labels.erase(it);
  }
  if (by_labels.empty()) return "";
  const ResultSeries& extra = *by_labels.begin()->second;
  std::string first = "nothing";
  if (!extra.floats.empty()) first = fmt::format("{}", extra.floats[0].value);
  if (!extra.histograms.empty()) first = Text(*extra.histograms[0].histogram);
  return fmt::format("unexpected series {} with {}", model::ToMetricString(extra.labels), first);
}

std::string CompareOrder(const EvalCommand& expected, const std::vector<ResultSeries>& actual) {
  for (size_t i = 0; i < expected.series.size() && i < actual.size(); ++i) {
    const model::Labels labels = ToLabels(expected.series[i].labels);
    if (labels != actual[i].labels) {
      return fmt::format("position {}: expected {}, got {}", i + 1, model::ToMetricString(labels),
                         model::ToMetricString(actual[i].labels));
    }
  }
  return "";
}

std::string CompareScalar(const std::optional<double>& expected, double actual) {
  if (!expected.has_value()) return fmt::format("unexpected scalar {}", actual);
  if (Near(*expected, actual)) return "";
  return fmt::format("expected {}, got {}", *expected, actual);
}

bool Matches(const TextExpectation& expected, const std::string& text) {
  if (expected.text.has_value()) return *expected.text == text;
  if (expected.pattern.has_value()) return re2::RE2::PartialMatch(text, *expected.pattern);
  return true;
}

std::string CompareAnnotations(std::string_view kind, const AnnotationExpectation& expected,
                               const std::vector<std::string>& actual) {
  if (expected.none && !actual.empty()) return fmt::format("unexpected {}: {}", kind, actual[0]);
  if (expected.some.empty()) return "";
  for (const TextExpectation& one : expected.some) {
    if (std::any_of(actual.begin(), actual.end(),
                    [&](const std::string& text) { return Matches(one, text); })) {
      continue;
    }
    return fmt::format("missing {}: {}; got [{}]", kind,
                       one.text.value_or(one.pattern.value_or("any")), fmt::join(actual, "; "));
  }
  for (const std::string& text : actual) {
    if (std::none_of(expected.some.begin(), expected.some.end(),
                     [&](const TextExpectation& one) { return Matches(one, text); })) {
      return fmt::format("unexpected {}: {}", kind, text);
    }
  }
  return "";
}

std::string CompareFailure(const EvalCommand& expected, const absl::Status& status) {
  const std::string text(status.message());
  if (!expected.fails) return fmt::format("failed: {}", text);
  if (Matches(expected.failure, text)) return "";
  return fmt::format("failed with another text: {}", text);
}

std::string CompareValue(const EvalCommand& expected, const query::QueryResult& actual) {
  if (const auto* text = std::get_if<query::StringResult>(&actual.value)) {
    if (expected.text == text->value) return "";
    return fmt::format("unexpected string \"{}\"", text->value);
  }
  if (const auto* scalar = std::get_if<query::ScalarResult>(&actual.value)) {
    return CompareScalar(expected.scalar, scalar->point.value);
  }
  if (expected.scalar.has_value()) return "expected a scalar, got a vector";
  if (const auto* matrix = std::get_if<query::MatrixResult>(&actual.value)) {
    return CompareMatrix(expected, expected.range_vector.value_or(expected.grid), matrix->series);
  }
  const std::vector<ResultSeries>& series = std::get<query::VectorResult>(actual.value).series;
  if (Index(series).size() != series.size()) return "two series with the same labels";
  std::string difference = CompareMatrix(expected, expected.grid, series);
  if (difference.empty() && expected.ordered) difference = CompareOrder(expected, series);
  return difference;
}

}  // namespace

std::string Compare(const EvalCommand& expected, const absl::StatusOr<query::QueryResult>& actual) {
  if (!actual.ok()) return CompareFailure(expected, actual.status());
  if (expected.fails) return "should have failed";
  std::string difference = CompareValue(expected, *actual);
  if (difference.empty()) {
    difference = CompareAnnotations("warning", expected.warnings, actual->warnings);
  }
  if (difference.empty()) difference = CompareAnnotations("info", expected.infos, actual->infos);
  return difference;
}

std::string CompareInstant(const EvalCommand& expected, const query::QueryResult& actual,
                           int64_t time_ms) {
  const auto* matrix = std::get_if<query::MatrixResult>(&actual.value);
  if (matrix == nullptr) return "";
  std::vector<ResultSeries> at_time;
  for (const ResultSeries& series : matrix->series) {
    ResultSeries one{.labels = series.labels, .floats = {}, .histograms = {}};
    for (const query::FloatPoint& point : series.floats) {
      if (point.timestamp == time_ms) one.floats.push_back(point);
    }
    for (const query::HistogramPoint& point : series.histograms) {
      if (point.timestamp == time_ms) one.histograms.push_back(point);
    }
    if (!one.floats.empty() || !one.histograms.empty()) at_time.push_back(std::move(one));
  }
  if (expected.scalar.has_value()) {
    if (at_time.size() != 1 || at_time[0].floats.size() != 1) return "expected a scalar";
    return CompareScalar(expected.scalar, at_time[0].floats[0].value);
  }
  return CompareMatrix(expected, {time_ms, time_ms, 1}, at_time);
}

}  // namespace tidegate::conformance
