#include "api/loki/detected_endpoints.h"

#include <string>
#include <vector>

#include "api/json/json_writer.h"
#include "api/loki/parameters.h"
#include "api/prometheus/envelope.h"

namespace tidegate::api {
namespace {

constexpr size_t kDefaultLines = 100;
constexpr size_t kDefaultFields = 1000;

model::TimestampNs NowNs(const model::Clock& clock) { return absl::ToUnixNanos(clock.Now()); }

// These answers have no envelope.
class PlainJson {
 public:
  PlainJson() : json_(&sink_) {}
  JsonWriter& json() { return json_; }
  absl::Status Send(ResponseWriter& response) {
    json_.Flush();
    HttpResponse answer;
    answer.content_type = kApplicationJson;
    answer.body = sink_.text();
    response.Send(std::move(answer));
    return absl::OkStatus();
  }

 private:
  StringSink sink_;
  JsonWriter json_;
};

void WriteStrings(const std::vector<std::string>& strings, JsonWriter& json) {
  json.BeginArray();
  for (const std::string& text : strings) json.String(text);
  json.EndArray();
}

absl::Status DetectedLabels(query::LogQueryService& logs, const model::Clock& clock,
                            const ApiRequest& request, ResponseWriter& response) {
  const auto range = ReadBounds(request.parameters, NowNs(clock), absl::Hours(1));
  if (!range.ok()) return range.status();
  const auto labels =
      logs.DetectedLabels(request.context, std::string(request.parameters.Get("query")), *range);
  if (!labels.ok()) return labels.status();
  PlainJson answer;
  answer.json().BeginObject();
  answer.json().Key("detectedLabels");
  answer.json().BeginArray();
  for (const query::DetectedLabel& label : *labels) {
    answer.json().BeginObject();
    answer.json().Key("label");
    answer.json().String(label.label);
    answer.json().Key("cardinality");
    answer.json().Unsigned(label.cardinality);
    answer.json().EndObject();
  }
  answer.json().EndArray();
  answer.json().EndObject();
  return answer.Send(response);
}

absl::StatusOr<query::DetectedFieldsRequest> ReadFieldsRequest(const Parameters& parameters,
                                                               const model::Clock& clock) {
  const auto range = ReadBounds(parameters, NowNs(clock), absl::Hours(1));
  if (!range.ok()) return range.status();
  if (range->empty()) {
    return absl::InvalidArgumentError("end timestamp must not be before or equal to start time");
  }
  const auto lines = ReadCount(parameters, "line_limit", kDefaultLines);
  if (!lines.ok()) return lines.status();
  const auto fields = ReadCount(parameters, "field_limit", kDefaultFields);
  if (!fields.ok()) return fields.status();
  const auto limit = ReadCount(parameters, "limit", *fields);
  if (!limit.ok()) return limit.status();
  query::DetectedFieldsRequest request;
  request.query = std::string(parameters.Get("query"));
  request.range = *range;
  request.line_limit = *lines;
  request.limit = *limit;
  return request;
}

void WriteField(const query::DetectedField& field, JsonWriter& json) {
  json.BeginObject();
  json.Key("label");
  json.String(field.label);
  json.Key("type");
  json.String(field.type);
  json.Key("cardinality");
  json.Unsigned(field.cardinality);
  json.Key("parsers");
  if (field.parsers.empty()) {
    json.Raw("null");
  } else {
    WriteStrings(field.parsers, json);
  }
  if (!field.json_path.empty()) {
    json.Key("jsonPath");
    WriteStrings(field.json_path, json);
  }
  json.EndObject();
}

absl::Status DetectedFields(query::LogQueryService& logs, const model::Clock& clock,
                            const ApiRequest& request, ResponseWriter& response) {
  const auto wanted = ReadFieldsRequest(request.parameters, clock);
  if (!wanted.ok()) return wanted.status();
  const auto fields = logs.DetectedFields(request.context, *wanted);
  if (!fields.ok()) return fields.status();
  PlainJson answer;
  answer.json().BeginObject();
  answer.json().Key("fields");
  answer.json().BeginArray();
  for (const query::DetectedField& field : *fields) WriteField(field, answer.json());
  answer.json().EndArray();
  answer.json().Key("limit");
  answer.json().Unsigned(wanted->limit);
  answer.json().EndObject();
  return answer.Send(response);
}

absl::Status DetectedFieldValues(query::LogQueryService& logs, const model::Clock& clock,
                                 const ApiRequest& request, ResponseWriter& response) {
  const auto wanted = ReadFieldsRequest(request.parameters, clock);
  if (!wanted.ok()) return wanted.status();
  const std::string name(request.http.path.Get("name"));
  const auto values = logs.DetectedFieldValues(request.context, name, *wanted);
  if (!values.ok()) return values.status();
  PlainJson answer;
  answer.json().BeginObject();
  answer.json().Key("values");
  WriteStrings(*values, answer.json());
  answer.json().Key("limit");
  answer.json().Unsigned(wanted->limit);
  answer.json().EndObject();
  return answer.Send(response);
}

absl::Status Patterns(query::LogQueryService& logs, const model::Clock& clock,
                      const ApiRequest& request, ResponseWriter& response) {
  const auto range = ReadBounds(request.parameters, NowNs(clock), absl::Hours(1));
  if (!range.ok()) return range.status();
  if (range->empty()) {
    return absl::InvalidArgumentError("end timestamp must not be before or equal to start time");
  }
  const auto step = ReadStep(request.parameters, *range);
  if (!step.ok()) return step.status();
  const auto patterns =
      logs.Patterns(request.context, std::string(request.parameters.Get("query")), *range, *step);
  if (!patterns.ok()) return patterns.status();
  Envelope envelope(&response);
  JsonWriter& json = envelope.data();
  json.BeginArray();
  for (const query::LogPattern& pattern : *patterns) {
    json.BeginObject();
    json.Key("pattern");
    json.String(pattern.pattern);
    json.Key("level");
    json.String(pattern.level);
    json.Key("samples");
    json.BeginArray();
    for (const auto& [seconds, count] : pattern.samples) {
      json.BeginArray();
      json.Integer(seconds);
      json.Unsigned(count);
      json.EndArray();
    }
    json.EndArray();
    json.EndObject();
  }
  json.EndArray();
  envelope.Finish();
  return absl::OkStatus();
}

}  // namespace

ApiEndpoint DetectedLabelsEndpoint(query::LogQueryService* logs, const model::Clock* clock) {
  return [logs, clock](const ApiRequest& request, ResponseWriter& response) {
    return DetectedLabels(*logs, *clock, request, response);
  };
}

ApiEndpoint DetectedFieldsEndpoint(query::LogQueryService* logs, const model::Clock* clock) {
  return [logs, clock](const ApiRequest& request, ResponseWriter& response) {
    return DetectedFields(*logs, *clock, request, response);
  };
}

ApiEndpoint DetectedFieldValuesEndpoint(query::LogQueryService* logs, const model::Clock* clock) {
  return [logs, clock](const ApiRequest& request, ResponseWriter& response) {
    return DetectedFieldValues(*logs, *clock, request, response);
  };
}

ApiEndpoint PatternsEndpoint(query::LogQueryService* logs, const model::Clock* clock) {
  return [logs, clock](const ApiRequest& request, ResponseWriter& response) {
    return Patterns(*logs, *clock, request, response);
  };
}

}  // namespace tidegate::api
