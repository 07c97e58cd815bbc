#include "api/prometheus/result_json.h"

#include <algorithm>
#include <string_view>
#include <variant>

#include "api/json/number_text.h"
#include "api/json/query_stats_json.h"
#include "api/prometheus/histogram_json.h"

namespace tidegate::api {
namespace {

void WriteHistogramPoint(const query::HistogramPoint& point, JsonWriter& json) {
  json.BeginArray();
  json.Timestamp(point.timestamp);
  WriteHistogram(*point.histogram, json);
  json.EndArray();
}

void WriteVectorElement(const query::ResultSeries& series, JsonWriter& json) {
  json.BeginObject();
  json.Key("metric");
  WriteLabels(series.labels, json);
  if (!series.floats.empty()) {
    json.Key("value");
    json.Point(series.floats.front().timestamp, series.floats.front().value);
  } else if (!series.histograms.empty()) {
    json.Key("histogram");
    WriteHistogramPoint(series.histograms.front(), json);
  }
  json.EndObject();
}

void WriteMatrixElement(const query::ResultSeries& series, JsonWriter& json) {
  json.BeginObject();
  json.Key("metric");
  WriteLabels(series.labels, json);
  if (!series.floats.empty()) {
    json.Key("values");
    json.BeginArray();
    for (const query::FloatPoint& point : series.floats) json.Point(point.timestamp, point.value);
    json.EndArray();
  }
  if (!series.histograms.empty()) {
    json.Key("histograms");
    json.BeginArray();
    for (const query::HistogramPoint& point : series.histograms) WriteHistogramPoint(point, json);
    json.EndArray();
  }
  json.EndObject();
}

template <typename WriteElement>
void WriteSeries(const std::vector<query::ResultSeries>& series, size_t limit, WriteElement write,
                 JsonWriter& json) {
  const size_t count = limit == 0 ? series.size() : std::min(limit, series.size());
  json.BeginArray();
  for (size_t i = 0; i < count && json.ok(); ++i) write(series[i], json);
  json.EndArray();
}

// One overload per kind of result.
class ResultPrinter {
 public:
  ResultPrinter(size_t limit, JsonWriter& json) : limit_(limit), json_(json) {}

  void operator()(const query::ScalarResult& scalar) {
    Type("scalar");
    json_.BeginArray();
    json_.Timestamp(scalar.point.timestamp);
    json_.String(FixedFloatText(scalar.point.value));
    json_.EndArray();
  }
  void operator()(const query::StringResult& string) {
    Type("string");
    json_.BeginArray();
    json_.Timestamp(string.timestamp);
    json_.String(string.value);
    json_.EndArray();
  }
  void operator()(const query::VectorResult& vector) {
    Type("vector");
    WriteSeries(vector.series, limit_, WriteVectorElement, json_);
  }
  void operator()(const query::MatrixResult& matrix) {
    Type("matrix");
    WriteSeries(matrix.series, limit_, WriteMatrixElement, json_);
  }

 private:
  void Type(std::string_view name) {
    json_.Key("resultType");
    json_.String(name);
    json_.Key("result");
  }

  const size_t limit_;
  JsonWriter& json_;
};

}  // namespace

void WriteLabels(model::LabelsView labels, JsonWriter& json) {
  json.BeginObject();
  for (const model::Label& label : labels) {
    json.Key(label.name);
    json.String(label.value);
  }
  json.EndObject();
}

void WriteQueryResult(const query::QueryResult& result, const ResultOptions& options,
                      JsonWriter& json) {
  json.BeginObject();
  std::visit(ResultPrinter(options.limit, json), result.value);
  if (options.stats != StatsWanted::kNone) {
    json.Key("stats");
    WriteQueryStats(result.stats, options.stats == StatsWanted::kPerStep, json);
  }
  json.EndObject();
}

size_t SeriesCount(const query::QueryResult& result) {
  if (const auto* vector = std::get_if<query::VectorResult>(&result.value)) {
    return vector->series.size();
  }
  if (const auto* matrix = std::get_if<query::MatrixResult>(&result.value)) {
    return matrix->series.size();
  }
  return 0;
}

void WriteExemplars(const std::vector<storage::SelectedExemplars>& series, JsonWriter& json) {
  json.BeginArray();
  for (const storage::SelectedExemplars& selected : series) {
    json.BeginObject();
    json.Key("seriesLabels");
    WriteLabels(selected.labels, json);
    json.Key("exemplars");
    json.BeginArray();
    for (const model::Exemplar& exemplar : selected.exemplars) {
      json.BeginObject();
      json.Key("labels");
      WriteLabels(exemplar.labels, json);
      json.Key("value");
      json.SampleValue(exemplar.value);
      json.Key("timestamp");
      json.Timestamp(exemplar.timestamp);
      json.EndObject();
    }
    json.EndArray();
    json.EndObject();
  }
  json.EndArray();
}

}  // namespace tidegate::api
