#include "api/loki/delete_endpoints.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>
#include <utility>

#include "absl/time/time.h"
#include "api/json/json_writer.h"
#include "fmt/format.h"

namespace tidegate::api {
namespace {

constexpr size_t kSecondsDigits = 10;

void SendNoContent(ResponseWriter& response) {
  HttpResponse nothing;
  nothing.status = 204;
  response.Send(std::move(nothing));
}

// Ten digits are seconds; anything else RFC 3339.
absl::StatusOr<model::TimestampMs> ParseTime(std::string_view name, std::string_view text) {
  int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const bool is_number = error == std::errc() && end == text.data() + text.size();
  if (is_number && text.size() == kSecondsDigits) return seconds * 1000;
  absl::Time time;
  std::string why;
  if (is_number || !absl::ParseTime(absl::RFC3339_full, std::string(text), &time, &why)) {
    return absl::InvalidArgumentError(
        fmt::format("invalid {} time: require unix seconds or RFC3339 format", name));
  }
  return absl::ToUnixMillis(time);
}

absl::StatusOr<model::TimeRange> ReadRange(const Parameters& parameters, model::TimestampMs now) {
  const std::string_view start = parameters.Get("start");
  if (start.empty()) return absl::InvalidArgumentError("start time not set");
  const auto begin = ParseTime("start", start);
  if (!begin.ok()) return begin.status();
  absl::StatusOr<model::TimestampMs> end = now;
  if (!parameters.Get("end").empty()) end = ParseTime("end", parameters.Get("end"));
  if (!end.ok()) return end.status();
  if (*end > now) return absl::InvalidArgumentError("deletes in the future are not allowed");
  if (*begin > *end) {
    return absl::InvalidArgumentError("start time can't be greater than end time");
  }
  return model::TimeRange{.min = *begin, .max = *end};
}

// Only of a deletion with line filters, as Loki has it.
absl::Status CheckInterval(const Parameters& parameters, const model::TimeRange& range) {
  const absl::Duration length = absl::Milliseconds(range.max - range.min);
  const std::string text(parameters.Get("max_interval"));
  if (text.empty()) {
    if (length >= absl::Seconds(1)) return absl::OkStatus();
    return absl::InvalidArgumentError(
        "difference between start time and end time must be at least one second");
  }
  absl::Duration interval;
  if (!absl::ParseDuration(text, &interval) || interval == absl::InfiniteDuration() ||
      interval < absl::Seconds(1)) {
    return absl::InvalidArgumentError("invalid max_interval: valid time units are 's', 'm', 'h'");
  }
  if (interval <= length) return absl::OkStatus();
  return absl::InvalidArgumentError(
      fmt::format("max_interval can't be greater than the interval to be deleted ({})",
                  absl::FormatDuration(length)));
}

absl::Status DeleteLogs(const LogAdmin& admin, model::TimestampMs now, const ApiRequest& request,
                        ResponseWriter& response) {
  LogDeletionRequest deletion;
  deletion.query = request.parameters.Get("query");
  if (deletion.query.empty()) return absl::InvalidArgumentError("query not set");
  auto entries = query::ParseLogDeletion(deletion.query);
  if (!entries.ok()) return entries.status();
  const auto range = ReadRange(request.parameters, now);
  if (!range.ok()) return range.status();
  if (!entries->tests.empty()) {
    if (absl::Status status = CheckInterval(request.parameters, *range); !status.ok()) {
      return status;
    }
  }
  deletion.entries = *std::move(entries);
  deletion.range = *range;
  deletion.created_at = now;
  deletion.final_at = now + absl::ToInt64Milliseconds(admin.cancel_period);
  const auto id = admin.delete_logs(request.context, deletion);
  if (!id.ok()) return id.status();
  response.AddHeader("X-Delete-Request-ID", *id);
  SendNoContent(response);
  return absl::OkStatus();
}

double Seconds(model::TimestampMs time) { return static_cast<double>(time) / 1000; }

void WriteRecord(const LogDeletionRecord& record, model::TimestampMs now, JsonWriter& json) {
  json.BeginObject();
  json.Key("request_id");
  json.String(record.id);
  json.Key("start_time");
  json.Double(Seconds(record.range.min));
  json.Key("end_time");
  json.Double(Seconds(record.range.max));
  json.Key("query");
  json.String(record.query);
  json.Key("status");
  json.String(now < record.final_at ? "received" : "processed");
  json.Key("created_at");
  json.Double(Seconds(record.created_at));
  json.EndObject();
}

absl::Status ListDeletions(const LogAdmin& admin, model::TimestampMs now, const ApiRequest& request,
                           ResponseWriter& response) {
  const auto records = admin.deletions(request.context);
  if (!records.ok()) return records.status();
  StringSink sink;
  JsonWriter json(&sink);
  json.BeginArray();
  for (const LogDeletionRecord& record : *records) WriteRecord(record, now, json);
  json.EndArray();
  json.Flush();
  HttpResponse answer;
  answer.content_type = kApplicationJson;
  answer.body = sink.text();
  response.Send(std::move(answer));
  return absl::OkStatus();
}

absl::Status CancelDeletion(const LogAdmin& admin, const ApiRequest& request,
                            ResponseWriter& response) {
  absl::Status status =
      admin.cancel(request.context, std::string(request.parameters.Get("request_id")));
  if (status.ok()) SendNoContent(response);
  if (absl::IsNotFound(status)) {
    return absl::NotFoundError("could not find delete request with given id");
  }
  if (absl::IsFailedPrecondition(status)) {
    return absl::FailedPreconditionError(
        "deletion of request which is in process or already processed is not allowed");
  }
  return status;
}

}  // namespace

ApiEndpoint DeleteLogsEndpoint(const LogAdmin& admin, const model::Clock* clock) {
  return [admin, clock](const ApiRequest& request, ResponseWriter& response) {
    return DeleteLogs(admin, clock->NowMs(), request, response);
  };
}

ApiEndpoint LogDeletionsEndpoint(const LogAdmin& admin, const model::Clock* clock) {
  return [admin, clock](const ApiRequest& request, ResponseWriter& response) {
    return ListDeletions(admin, clock->NowMs(), request, response);
  };
}

ApiEndpoint CancelLogDeletionEndpoint(const LogAdmin& admin) {
  return [admin](const ApiRequest& request, ResponseWriter& response) {
    return CancelDeletion(admin, request, response);
  };
}

}  // namespace tidegate::api
