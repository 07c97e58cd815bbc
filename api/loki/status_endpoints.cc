#include "api/loki/status_endpoints.h"

#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "api/json/json_writer.h"
#include "model/config/tenant_definition.h"
#include "model/log_limits.h"

namespace tidegate::api {
namespace {

absl::Status SendJson(const std::string& text, ResponseWriter& response) {
  HttpResponse answer;
  answer.content_type = kApplicationJson;
  answer.body = text;
  response.Send(std::move(answer));
  return absl::OkStatus();
}

void Member(std::string_view key, std::string_view value, JsonWriter& json) {
  json.Key(key);
  json.String(value);
}

// "0s" where nothing is limited.
void Member(std::string_view key, absl::Duration value, JsonWriter& json) {
  json.Key(key);
  json.String(value == absl::InfiniteDuration() ? "0s" : absl::FormatDuration(value));
}

void Member(std::string_view key, bool value, JsonWriter& json) {
  json.Key(key);
  json.Bool(value);
}

void Member(std::string_view key, uint64_t value, JsonWriter& json) {
  json.Key(key);
  json.Unsigned(value);
}

void Member(std::string_view key, const std::vector<std::string>& value, JsonWriter& json) {
  json.Key(key);
  json.BeginArray();
  for (const std::string& text : value) json.String(text);
  json.EndArray();
}

void WriteLimits(const model::TenantConfig& tenant, JsonWriter& json) {
  const model::LogLimits& logs = tenant.limits.logs;
  json.BeginObject();
  Member("discover_log_levels", logs.discover_log_levels, json);
  Member("discover_service_name", logs.discover_service_name, json);
  Member("max_entries_limit_per_query", uint64_t{logs.max_entries_limit_per_query}, json);
  Member("max_line_size_truncate", logs.max_line_size_truncate, json);
  Member("max_query_bytes_read", uint64_t{logs.max_query_bytes_read}, json);
  Member("max_query_length", logs.max_query_length, json);
  Member("max_query_lookback", logs.max_query_lookback, json);
  Member("max_query_range", logs.max_query_range, json);
  Member("max_query_series", uint64_t{logs.max_log_query_series}, json);
  Member("metric_aggregation_enabled", false, json);
  Member("pattern_persistence_enabled", false, json);
  Member("query_timeout", tenant.limits.max_query_timeout, json);
  Member("retention_period", tenant.retention, json);
  Member("retention_stream", std::vector<std::string>(), json);
  Member("volume_enabled", true, json);
  Member("volume_max_series", uint64_t{logs.volume_max_series}, json);
  json.EndObject();
}

}  // namespace

ApiEndpoint LokiBuildInfoEndpoint(const LokiBuildInfo& build) {
  return [build](const ApiRequest&, ResponseWriter& response) {
    StringSink sink;
    JsonWriter json(&sink);
    json.BeginObject();
    Member("version", build.version, json);
    Member("revision", build.revision, json);
    Member("branch", "", json);
    Member("buildUser", "", json);
    Member("buildDate", build.build_date, json);
    Member("goVersion", "", json);
    json.EndObject();
    json.Flush();
    return SendJson(sink.text(), response);
  };
}

ApiEndpoint DrilldownLimitsEndpoint(const LokiBuildInfo& build) {
  return [build](const ApiRequest& request, ResponseWriter& response) {
    StringSink sink;
    JsonWriter json(&sink);
    json.BeginObject();
    json.Key("limits");
    WriteLimits(request.tenant, json);
    Member("pattern_ingester_enabled", true, json);
    Member("version", build.version, json);
    json.EndObject();
    json.Flush();
    return SendJson(sink.text(), response);
  };
}

ApiEndpoint TenantLimitsEndpoint() {
  return [](const ApiRequest& request, ResponseWriter& response) {
    HttpResponse answer;
    answer.content_type = "text/plain; charset=utf-8";
    answer.body = model::FormatLimits(request.tenant.limits);
    response.Send(std::move(answer));
    return absl::OkStatus();
  };
}

}  // namespace tidegate::api
