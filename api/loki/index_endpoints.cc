#include "api/loki/index_endpoints.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "api/json/json_writer.h"
#include "api/loki/log_result_json.h"
#include "api/loki/parameters.h"
#include "api/loki/query_limits.h"
#include "api/prometheus/envelope.h"
#include "api/prometheus/result_json.h"

namespace tidegate::api {
namespace {

constexpr size_t kDefaultVolumes = 100;

model::TimestampNs NowNs(const model::Clock& clock) { return absl::ToUnixNanos(clock.Now()); }

// An empty selector is every stream.
absl::StatusOr<query::LogLabelRequest> ReadLabelRequest(const Parameters& parameters,
                                                        const model::Clock& clock) {
  const auto range = ReadBounds(parameters, NowNs(clock), absl::Hours(6));
  if (!range.ok()) return range.status();
  query::LogLabelRequest request;
  request.range = *range;
  if (const std::string_view query = parameters.Get("query"); !query.empty()) {
    request.matches.emplace_back(query);
  }
  return request;
}

absl::Status AnswerStrings(const absl::StatusOr<std::vector<std::string>>& strings,
                           ResponseWriter& response) {
  if (!strings.ok()) return strings.status();
  HttpResponse answer;
  answer.content_type = kApplicationJson;
  StringSink sink;
  JsonWriter json(&sink);
  json.BeginObject();
  json.Key("status");
  json.String("success");
  // Loki leaves the member out when there is nothing.
  if (!strings->empty()) {
    json.Key("data");
    json.BeginArray();
    for (const std::string& text : *strings) json.String(text);
    json.EndArray();
  }
  json.EndObject();
  json.Flush();
  answer.body = sink.text();
  response.Send(std::move(answer));
  return absl::OkStatus();
}

absl::Status Series(query::LogQueryService& logs, const model::Clock& clock,
                    const ApiRequest& request, ResponseWriter& response) {
  auto label_request = ReadLabelRequest(request.parameters, clock);
  if (!label_request.ok()) return label_request.status();
  label_request->matches.clear();
  for (const char* name : {"match", "match[]"}) {
    for (std::string& match : request.parameters.All(name)) {
      if (match != "{}") label_request->matches.push_back(std::move(match));
    }
  }
  const auto series = logs.Series(request.context, *label_request);
  if (!series.ok()) return series.status();
  Envelope envelope(&response);
  envelope.data().BeginArray();
  for (const model::Labels& labels : *series) WriteLabels(labels, envelope.data());
  envelope.data().EndArray();
  envelope.Finish();
  return absl::OkStatus();
}

absl::Status IndexStats(query::LogQueryService& logs, const model::Clock& clock,
                        const ApiRequest& request, ResponseWriter& response) {
  const auto range = ReadBounds(request.parameters, NowNs(clock), absl::Hours(1));
  if (!range.ok()) return range.status();
  const auto stats =
      logs.IndexStats(request.context, std::string(request.parameters.Get("query")), *range);
  if (!stats.ok()) return stats.status();
  StringSink sink;
  JsonWriter json(&sink);
  json.BeginObject();
  json.Key("streams");
  json.Unsigned(stats->streams);
  json.Key("chunks");
  json.Unsigned(stats->chunks);
  json.Key("bytes");
  json.Unsigned(stats->bytes);
  json.Key("entries");
  json.Unsigned(stats->entries);
  json.EndObject();
  json.Flush();
  HttpResponse answer;
  answer.content_type = kApplicationJson;
  answer.body = sink.text();
  response.Send(std::move(answer));
  return absl::OkStatus();
}

std::vector<std::string> SplitAtCommas(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const size_t comma = text.find(',');
    if (comma != 0) parts.emplace_back(text.substr(0, comma));
    text.remove_prefix(comma == text.npos ? text.size() : comma + 1);
  }
  return parts;
}

absl::StatusOr<query::LogVolumeRequest> ReadVolumeRequest(const ApiRequest& request,
                                                          const model::Clock& clock) {
  const Parameters& parameters = request.parameters;
  auto range = ReadBounds(parameters, NowNs(clock), absl::Hours(1));
  if (!range.ok()) return range.status();
  if (range->empty()) {
    return absl::InvalidArgumentError("end timestamp must not be before or equal to start time");
  }
  const absl::Status limited = LimitRange(request.tenant.limits.logs, NowNs(clock), &*range);
  if (!limited.ok()) return limited;
  const auto limit = ReadCount(parameters, "limit", kDefaultVolumes);
  if (!limit.ok()) return limit.status();
  query::LogVolumeRequest volume;
  volume.query = std::string(parameters.Get("query"));
  volume.range = *range;
  const size_t most = request.tenant.limits.logs.volume_max_series;
  volume.limit = most == 0 ? *limit : std::min(*limit, most);
  volume.target_labels = SplitAtCommas(parameters.Get("targetLabels"));
  const std::string_view by = parameters.Get("aggregateBy");
  if (!by.empty() && by != "series" && by != "labels") {
    return absl::InvalidArgumentError("invalid aggregation option");
  }
  volume.aggregate_by_labels = by == "labels";
  return volume;
}

absl::Status Volume(query::LogQueryService& logs, query::LogVolumeRequest volume,
                    const ApiRequest& request, ResponseWriter& response) {
  const auto result = logs.Volume(request.context, volume);
  if (!result.ok()) return result.status();
  Envelope envelope(&response);
  WriteLogQueryResult(*result, /*categorize=*/false, envelope.data());
  envelope.Finish(result->warnings);
  return absl::OkStatus();
}

}  // namespace

ApiEndpoint LogLabelNamesEndpoint(query::LogQueryService* logs, const model::Clock* clock) {
  return [logs, clock](const ApiRequest& request, ResponseWriter& response) -> absl::Status {
    const auto labels = ReadLabelRequest(request.parameters, *clock);
    if (!labels.ok()) return labels.status();
    return AnswerStrings(logs->LabelNames(request.context, *labels), response);
  };
}

ApiEndpoint LogLabelValuesEndpoint(query::LogQueryService* logs, const model::Clock* clock) {
  return [logs, clock](const ApiRequest& request, ResponseWriter& response) -> absl::Status {
    const auto labels = ReadLabelRequest(request.parameters, *clock);
    if (!labels.ok()) return labels.status();
    const std::string name(request.http.path.Get("name"));
    return AnswerStrings(logs->LabelValues(request.context, name, *labels), response);
  };
}

ApiEndpoint LogSeriesEndpoint(query::LogQueryService* logs, const model::Clock* clock) {
  return [logs, clock](const ApiRequest& request, ResponseWriter& response) {
    return Series(*logs, *clock, request, response);
  };
}

ApiEndpoint IndexStatsEndpoint(query::LogQueryService* logs, const model::Clock* clock) {
  return [logs, clock](const ApiRequest& request, ResponseWriter& response) {
    return IndexStats(*logs, *clock, request, response);
  };
}

ApiEndpoint VolumeEndpoint(query::LogQueryService* logs, const model::Clock* clock) {
  return [logs, clock](const ApiRequest& request, ResponseWriter& response) -> absl::Status {
    const auto volume = ReadVolumeRequest(request, *clock);
    if (!volume.ok()) return volume.status();
    return Volume(*logs, *volume, request, response);
  };
}

ApiEndpoint VolumeRangeEndpoint(query::LogQueryService* logs, const model::Clock* clock) {
  return [logs, clock](const ApiRequest& request, ResponseWriter& response) -> absl::Status {
    auto volume = ReadVolumeRequest(request, *clock);
    if (!volume.ok()) return volume.status();
    const auto step = ReadStep(request.parameters, volume->range);
    if (!step.ok()) return step.status();
    volume->step_ns = *step;
    return Volume(*logs, *std::move(volume), request, response);
  };
}

}  // namespace tidegate::api
