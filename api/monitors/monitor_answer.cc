#include "api/monitors/monitor_answer.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "api/auth/tenant_resolver.h"
#include "api/json/json_writer.h"

namespace tidegate::api {
namespace {

int StatusCode(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kFailedPrecondition:
      return 400;
    case absl::StatusCode::kUnauthenticated:
      return 401;
    case absl::StatusCode::kPermissionDenied:
      return 403;
    case absl::StatusCode::kNotFound:
      return 404;
    case absl::StatusCode::kOutOfRange:
      return 413;
    case absl::StatusCode::kResourceExhausted:
      return 429;
    case absl::StatusCode::kCancelled:
      return 499;
    case absl::StatusCode::kAborted:  // Others change the same thing all the time.
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kUnavailable:
      return 503;
    default:
      return 500;
  }
}

HttpResponse JsonResponse(int status, std::string body) {
  HttpResponse response;
  response.status = status;
  response.content_type = std::string(kApplicationJson);
  response.body = std::move(body);
  return response;
}

}  // namespace

HttpResponse MonitorError(const absl::Status& status) {
  const int code = StatusCode(status);
  const std::string_view text(status.message().data(), status.message().size());
  if (code == 500) spdlog::error("monitors: {}", text);
  StringSink sink;
  JsonWriter json(&sink);
  json.BeginObject();
  json.Key("error");
  json.BeginObject();
  json.Key("message");
  json.String(text);
  json.EndObject();
  json.EndObject();
  json.Flush();
  HttpResponse response = JsonResponse(code, sink.text());
  if (code == 429 || code == 503) response.headers.emplace_back("Retry-After", "1");
  AddChallenge(status, &response);
  return response;
}

HttpResponse MonitorAnswer(const absl::StatusOr<std::string>& json) {
  return json.ok() ? JsonResponse(200, *json) : MonitorError(json.status());
}

HttpResponse MonitorAnswer(std::string_view name, const absl::StatusOr<std::string>& json) {
  if (!json.ok()) return MonitorError(json.status());
  return JsonResponse(200, fmt::format("{{\"{}\":{}}}", name, *json));
}

HttpResponse MonitorSuccess(const absl::Status& status) {
  return status.ok() ? JsonResponse(200, "{\"success\":true}") : MonitorError(status);
}

}  // namespace tidegate::api
