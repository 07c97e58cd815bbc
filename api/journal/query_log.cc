#include "api/journal/query_log.h"

#include <fmt/format.h>

#include <string_view>

#include "api/json/json_writer.h"
#include "api/json/query_stats_json.h"

namespace tidegate::api {
namespace {

// "2020-02-08T14:59:50.368Z", as Prometheus writes the bounds of a query.
std::string TimeText(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", time, absl::UTCTimeZone());
}

void Text(std::string_view key, std::string_view value, JsonWriter& json) {
  json.Key(key);
  json.String(value);
}

void WriteLogQueryStats(const query::LogQueryStats& stats, JsonWriter& json) {
  json.BeginObject();
  json.Key("timings");
  json.BeginObject();
  json.Key("execQueueTime");
  json.Double(stats.queue_seconds);
  json.Key("execTotalTime");
  json.Double(stats.queue_seconds + stats.exec_seconds);
  json.EndObject();
  json.Key("totalLinesProcessed");
  json.Unsigned(stats.lines_processed);
  json.Key("totalBytesProcessed");
  json.Unsigned(stats.bytes_processed);
  json.Key("totalPostFilterLines");
  json.Unsigned(stats.lines_after_filter);
  json.Key("totalEntriesReturned");
  json.Unsigned(stats.entries_returned);
  json.EndObject();
}

}  // namespace

std::string QueryLogLine(const QueryRecord& record, const QueryOutcome& outcome) {
  StringSink line;
  JsonWriter json(&line);
  json.BeginObject();
  Text("time", TimeText(outcome.ended), json);
  Text("level", "INFO", json);
  Text("msg", fmt::format("{} query logged", LanguageName(record.language)), json);
  json.Key("params");
  json.BeginObject();
  Text("end", TimeText(absl::FromUnixMillis(record.end)), json);
  Text("query", record.query, json);
  Text("start", TimeText(absl::FromUnixMillis(record.start)), json);
  json.Key("step");
  json.Double(static_cast<double>(record.step_ms) / 1000);
  json.EndObject();
  if (!outcome.status.ok()) {
    const absl::string_view error = outcome.status.message();
    Text("error", {error.data(), error.size()}, json);
  }
  json.Key("stats");
  if (record.language == QueryLanguage::kPromQl) {
    WriteQueryStats(outcome.stats, /*per_step=*/false, json);
  } else {
    WriteLogQueryStats(outcome.log_stats, json);
  }
  json.Key("httpRequest");
  json.BeginObject();
  Text("clientIP", record.client_ip, json);
  Text("method", record.method, json);
  Text("path", record.path, json);
  json.EndObject();
  Text("tenant", record.tenant, json);
  Text("request_id", record.request_id, json);
  json.EndObject();
  json.Flush();
  return line.text() + "\n";
}

}  // namespace tidegate::api
