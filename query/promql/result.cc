#include "query/promql/result.h"

#include <algorithm>
#include <utility>

namespace tidegate::promql {
namespace {

using query::QueryResult;
using query::ResultSeries;

absl::Status DropNames(query::Pacer* pacer, StepVector* vector) {
  query::PacedLoop loop(pacer);
  for (StepSeries& series : *vector) {
    loop.Did(0);
    if (series.drop_name) series.labels = query::WithoutMetadata(series.labels);
  }
  return query::MergeEqualLabels(vector, pacer);
}

ResultSeries ToResult(StepSeries series, const StepGrid& grid) {
  ResultSeries result{.labels = std::move(series.labels), .floats = {}, .histograms = {}};
  result.floats.reserve(series.steps());
  for (size_t i = 0; i < series.steps(); ++i) {
    if (series.kinds[i] == SampleKind::kFloat) {
      result.floats.push_back({grid.at(i), series.values[i]});
    } else if (series.kinds[i] == SampleKind::kHistogram) {
      result.histograms.push_back({grid.at(i), std::move(series.histograms[i])});
    }
  }
  return result;
}

void SortByLabels(query::Pacer* pacer, std::vector<ResultSeries>* series) {
  query::PacedLoop loop(pacer);
  std::stable_sort(series->begin(), series->end(),
                   [&loop](const ResultSeries& a, const ResultSeries& b) {
                     loop.Did(0);
                     return model::Compare(a.labels, b.labels) < 0;
                   });
}

std::vector<ResultSeries> ToResults(StepVector vector, const StepGrid& grid, query::Pacer* pacer) {
  query::PacedLoop loop(pacer);
  std::vector<ResultSeries> results;
  results.reserve(vector.size());
  for (StepSeries& series : vector) {
    loop.Did(2 * series.steps());
    results.push_back(ToResult(std::move(series), grid));
  }
  return results;
}

}  // namespace

absl::StatusOr<QueryResult> InstantAnswer(Value value, model::TimestampMs time, bool keep_order,
                                          query::Pacer* pacer) {
  QueryResult result;
  if (auto* text = std::get_if<std::string>(&value)) {
    result.value = query::StringResult{.timestamp = time, .value = std::move(*text)};
    return result;
  }
  if (const auto* scalar = std::get_if<ScalarColumn>(&value)) {
    result.value = query::ScalarResult{.point = {time, scalar->front()}};
    return result;
  }
  StepVector vector = std::get<StepVector>(std::move(value));
  absl::Status status = DropNames(pacer, &vector);
  if (!status.ok()) return status;
  query::VectorResult answer{ToResults(std::move(vector), StepGrid::Instant(time), pacer)};
  if (!keep_order) SortByLabels(pacer, &answer.series);
  result.value = std::move(answer);
  return result;
}

absl::StatusOr<QueryResult> RangeAnswer(Value value, const StepGrid& grid, query::Pacer* pacer) {
  StepVector vector;
  if (auto* scalar = std::get_if<ScalarColumn>(&value)) {
    StepSeries series(model::Labels(), grid.size());
    series.values = std::move(*scalar);
    series.kinds.assign(grid.size(), SampleKind::kFloat);
    vector.push_back(std::move(series));
  } else {
    vector = std::get<StepVector>(std::move(value));
  }
  absl::Status status = DropNames(pacer, &vector);
  if (!status.ok()) return status;
  query::MatrixResult answer{ToResults(std::move(vector), grid, pacer)};
  SortByLabels(pacer, &answer.series);
  QueryResult result;
  result.value = std::move(answer);
  return result;
}

absl::StatusOr<QueryResult> MatrixAnswer(const RangeVector& vector, query::Pacer* pacer) {
  query::PacedLoop loop(pacer);
  query::MatrixResult answer;
  for (const RangeVectorSeries& series : vector.series) {
    loop.Did(2 * series.samples.times.size());
    ResultSeries result{
        .labels = series.drop_name ? query::WithoutMetadata(series.labels) : series.labels,
        .floats = {},
        .histograms = {}};
    const WindowIndex floats = IndexWindows(series.samples.times, vector.windows);
    for (uint32_t i = floats.begin[0]; i < floats.end[0]; ++i) {
      result.floats.push_back({series.samples.times[i], series.samples.values[i]});
    }
    for (const HistogramAt& at : series.samples.histograms) {
      if (at.timestamp > vector.windows.start(0) && at.timestamp <= vector.windows.end(0)) {
        result.histograms.push_back({at.timestamp, at.histogram});
      }
    }
    if (!result.floats.empty() || !result.histograms.empty()) {
      answer.series.push_back(std::move(result));
    }
  }
  SortByLabels(pacer, &answer.series);
  QueryResult result;
  result.value = std::move(answer);
  return result;
}

}  // namespace tidegate::promql
