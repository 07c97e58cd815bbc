#include "api/prometheus/cardinality_endpoints.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "api/prometheus/cardinality.h"
#include "api/prometheus/envelope.h"
#include "api/prometheus/parameters.h"
#include "api/prometheus/result_json.h"
#include "query/selector_text.h"

namespace tidegate::api {
namespace {

constexpr int64_t kMinTsdbLimit = 1, kMaxTsdbLimit = 10'000, kDefaultTsdbLimit = 10;
constexpr int64_t kMaxCardinalityLimit = 500, kDefaultCardinalityLimit = 20;
constexpr std::string_view kInMemory = "inmemory", kActive = "active";
constexpr int64_t kDayMs = int64_t{24} * 3600 * 1000;

absl::StatusOr<size_t> BoundedLimit(const Parameters& parameters, std::string_view name,
                                    int64_t default_limit, int64_t max_limit) {
  const std::string_view text = parameters.Get(name);
  if (text.empty()) return static_cast<size_t>(default_limit);
  const absl::StatusOr<int64_t> limit = ParseInteger(text);
  if (!limit.ok() || *limit < kMinTsdbLimit || *limit > max_limit) {
    return InvalidParameter(name, absl::InvalidArgumentError(fmt::format(
                                      "must be a whole number from 1 to {}", max_limit)));
  }
  return static_cast<size_t>(*limit);
}

model::TimeRange Since(int64_t age_ms, const model::Clock& clock) {
  return {clock.NowMs() - age_ms, model::kMaxTimestamp};
}

// The label sets that a request is about.
absl::StatusOr<std::vector<model::Labels>> FindSeries(const CardinalitySources& sources,
                                                      const ApiRequest& request,
                                                      const std::vector<std::string>& selectors,
                                                      model::TimeRange range) {
  storage::LabelQuery query;
  query.range = range;
  query.limit = kMaxCountedSeries + 1;
  for (const std::string& selector : selectors) {
    auto matchers = query::ParseSelector(selector);
    if (!matchers.ok()) return matchers.status();
    query.selections.push_back(*std::move(matchers));
  }
  auto series = sources.series->Series(request.context, query);
  if (series.ok() && series->size() > kMaxCountedSeries) {
    return absl::ResourceExhaustedError(
        fmt::format("more than {} series: narrow it down by a selector", kMaxCountedSeries));
  }
  return series;
}

// A day in UTC.
absl::StatusOr<model::TimeRange> DateParameter(const Parameters& parameters,
                                               const model::Clock& clock) {
  const std::string text(parameters.Get("date"));
  if (text.empty()) return Since(kInMemoryMs, clock);
  absl::Time begin;
  std::string error;
  if (!absl::ParseTime("%Y-%m-%d", text, absl::UTCTimeZone(), &begin, &error)) {
    return InvalidParameter(
        "date", absl::InvalidArgumentError(fmt::format("\"{}\" is no date like 2026-01-31", text)));
  }
  const model::TimestampMs first = absl::ToUnixMillis(begin);
  return model::TimeRange{first, first + kDayMs - 1};
}

void WriteCounts(std::string_view key, std::string_view name_key, std::string_view count_key,
                 const std::vector<NamedCount>& counts, JsonWriter& json) {
  json.Key(key);
  json.BeginArray();
  for (const NamedCount& one : counts) {
    json.BeginObject();
    json.Key(name_key);
    json.String(one.name);
    json.Key(count_key);
    json.Integer(static_cast<int64_t>(one.count));
    json.EndObject();
  }
  json.EndArray();
}

void WriteNumber(std::string_view key, int64_t value, JsonWriter& json) {
  json.Key(key);
  json.Integer(value);
}

// An open chunk for each series of the head; 0 when the ingester cannot be asked: the rest of the
// answer stands without it.
int64_t OpenChunks(const CardinalitySources& sources, const ApiRequest& request) {
  if (sources.ingester == nullptr) return 0;
  const auto stats = sources.ingester->Stats(request.context);
  return stats.ok() ? static_cast<int64_t>(stats->series) : 0;
}

absl::Status TsdbStatus(const CardinalitySources& sources, const ApiRequest& request,
                        ResponseWriter& response) {
  const char* const limit_name = request.parameters.Has("topN") ? "topN" : "limit";
  const auto limit = BoundedLimit(request.parameters, limit_name, kDefaultTsdbLimit, kMaxTsdbLimit);
  if (!limit.ok()) return limit.status();
  const auto range = DateParameter(request.parameters, *sources.clock);
  if (!range.ok()) return range.status();
  const auto series = FindSeries(sources, request, request.parameters.All("match[]"), *range);
  if (!series.ok()) return series.status();
  const std::string focus(request.parameters.Get("focusLabel"));
  const Cardinality counted = CountCardinality(*series, *limit, focus);

  Envelope envelope(&response);
  JsonWriter& json = envelope.data();
  json.BeginObject();
  json.Key("headStats");
  json.BeginObject();
  WriteNumber("numSeries", static_cast<int64_t>(counted.series), json);
  WriteNumber("numLabelPairs", static_cast<int64_t>(counted.label_pairs), json);
  WriteNumber("chunkCount", OpenChunks(sources, request), json);
  WriteNumber("minTime", range->min, json);
  WriteNumber("maxTime", std::min(range->max, sources.clock->NowMs()), json);
  json.EndObject();
  WriteCounts("seriesCountByMetricName", "name", "value", counted.series_by_metric, json);
  WriteCounts("labelValueCountByLabelName", "name", "value", counted.values_by_label, json);
  WriteCounts("memoryInBytesByLabelName", "name", "value", counted.value_bytes_by_label, json);
  WriteCounts("seriesCountByLabelValuePair", "name", "value", counted.series_by_pair, json);
  if (!focus.empty()) {
    WriteCounts("seriesCountByFocusLabelValue", "name", "value", counted.series_by_focus_value,
                json);
  }
  WriteNumber("totalSeries", static_cast<int64_t>(counted.series), json);
  WriteNumber("totalLabelValuePairs", static_cast<int64_t>(counted.label_pairs), json);
  json.EndObject();
  envelope.Finish();
  return absl::OkStatus();
}

// What Mimir's three endpoints have in common.
struct CardinalityRequest {
  std::vector<std::string> selectors;
  model::TimeRange range;
  size_t limit = 0;
};

absl::StatusOr<CardinalityRequest> ReadCardinality(const CardinalitySources& sources,
                                                   const ApiRequest& request,
                                                   std::string_view default_method) {
  CardinalityRequest read;
  if (request.parameters.Has("selector")) read.selectors = request.parameters.All("selector");
  std::string_view method = request.parameters.Get("count_method");
  if (method.empty()) method = default_method;
  if (method != kInMemory && method != kActive) {
    return InvalidParameter("count_method",
                            absl::InvalidArgumentError("must be inmemory or active"));
  }
  const auto limit =
      BoundedLimit(request.parameters, "limit", kDefaultCardinalityLimit, kMaxCardinalityLimit);
  if (!limit.ok()) return limit.status();
  read.limit = *limit;
  read.range = Since(method == kActive ? kActiveMs : kInMemoryMs, *sources.clock);
  if (request.parameters.Has("start") || request.parameters.Has("end")) {
    const auto range = RangeParameters(request.parameters);
    if (!range.ok()) return range.status();
    read.range = *range;
  }
  return read;
}

// Mimir answers without the envelope.
class BareJson {
 public:
  explicit BareJson(ResponseWriter* response) : response_(*response), json_(&sink_) {}
  JsonWriter& json() { return json_; }
  void Send() {
    json_.Flush();
    HttpResponse answer;
    answer.content_type = std::string(kApplicationJson);
    answer.body = sink_.text();
    response_.Send(std::move(answer));
  }

 private:
  ResponseWriter& response_;
  StringSink sink_;
  JsonWriter json_;
};

absl::Status LabelNamesCardinality(const CardinalitySources& sources, const ApiRequest& request,
                                   ResponseWriter& response) {
  const auto read = ReadCardinality(sources, request, kInMemory);
  if (!read.ok()) return read.status();
  const auto series = FindSeries(sources, request, read->selectors, read->range);
  if (!series.ok()) return series.status();
  const Cardinality counted = CountCardinality(*series, read->limit, "");
  BareJson bare(&response);
  bare.json().BeginObject();
  WriteNumber("label_values_count_total", static_cast<int64_t>(counted.label_pairs), bare.json());
  WriteNumber("label_names_count", static_cast<int64_t>(counted.label_names), bare.json());
  WriteCounts("cardinality", "label_name", "label_values_count", counted.values_by_label,
              bare.json());
  bare.json().EndObject();
  bare.Send();
  return absl::OkStatus();
}

absl::Status LabelValuesCardinality(const CardinalitySources& sources, const ApiRequest& request,
                                    ResponseWriter& response) {
  const auto read = ReadCardinality(sources, request, kInMemory);
  if (!read.ok()) return read.status();
  const std::vector<std::string> names = request.parameters.All("label_names[]");
  if (names.empty()) {
    return absl::InvalidArgumentError("'label_names[]' param is required");
  }
  const auto series = FindSeries(sources, request, read->selectors, read->range);
  if (!series.ok()) return series.status();
  BareJson bare(&response);
  JsonWriter& json = bare.json();
  json.BeginObject();
  WriteNumber("series_count_total", static_cast<int64_t>(series->size()), json);
  json.Key("labels");
  json.BeginArray();
  for (const std::string& name : names) {
    std::vector<NamedCount> values = CountValues(*series, name);
    uint64_t with_label = 0;
    for (const NamedCount& value : values) with_label += value.count;
    json.BeginObject();
    json.Key("label_name");
    json.String(name);
    WriteNumber("label_values_count", static_cast<int64_t>(values.size()), json);
    WriteNumber("series_count", static_cast<int64_t>(with_label), json);
    values.resize(std::min(read->limit, values.size()));
    WriteCounts("cardinality", "label_value", "series_count", values, json);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  bare.Send();
  return absl::OkStatus();
}

absl::Status ActiveSeries(const CardinalitySources& sources, const ApiRequest& request,
                          ResponseWriter& response) {
  const auto read = ReadCardinality(sources, request, kActive);
  if (!read.ok()) return read.status();
  if (read->selectors.empty()) return absl::InvalidArgumentError("'selector' param is required");
  auto series = FindSeries(sources, request, read->selectors, read->range);
  if (!series.ok()) return series.status();
  std::sort(series->begin(), series->end());
  BareJson bare(&response);
  bare.json().BeginObject();
  bare.json().Key("data");
  bare.json().BeginArray();
  for (const model::Labels& labels : *series) WriteLabels(labels, bare.json());
  bare.json().EndArray();
  bare.json().EndObject();
  bare.Send();
  return absl::OkStatus();
}

template <typename Function>
ApiEndpoint With(const CardinalitySources& sources, Function function) {
  return [sources, function](const ApiRequest& request, ResponseWriter& response) {
    return function(sources, request, response);
  };
}

}  // namespace

ApiEndpoint TsdbStatusEndpoint(const CardinalitySources& sources) {
  return With(sources, TsdbStatus);
}

ApiEndpoint CardinalityLabelNamesEndpoint(const CardinalitySources& sources) {
  return With(sources, LabelNamesCardinality);
}

ApiEndpoint CardinalityLabelValuesEndpoint(const CardinalitySources& sources) {
  return With(sources, LabelValuesCardinality);
}

ApiEndpoint ActiveSeriesEndpoint(const CardinalitySources& sources) {
  return With(sources, ActiveSeries);
}

}  // namespace tidegate::api
