#include "api/prometheus/api_error.h"

#include "api/json/json_writer.h"

namespace tidegate::api {

ApiErrorKind ErrorKindOf(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kOutOfRange:
      return {400, "bad_data"};
    case absl::StatusCode::kUnauthenticated:
      return {401, "unauthorized"};
    case absl::StatusCode::kPermissionDenied:
      return {403, "forbidden"};
    case absl::StatusCode::kNotFound:
      return {404, "not_found"};
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kResourceExhausted:
      return {422, "execution"};
    case absl::StatusCode::kCancelled:
      return {499, "canceled"};
    case absl::StatusCode::kDeadlineExceeded:
      return {503, "timeout"};
    case absl::StatusCode::kUnavailable:
      return {503, "unavailable"};
    default:
      return {500, "internal"};
  }
}

HttpResponse ErrorResponse(const absl::Status& error) {
  const ApiErrorKind kind = ErrorKindOf(error.code());
  StringSink sink;
  JsonWriter json(&sink);
  json.BeginObject();
  json.Key("status");
  json.String("error");
  json.Key("errorType");
  json.String(kind.error_type);
  json.Key("error");
  json.String({error.message().data(), error.message().size()});
  json.EndObject();
  json.Flush();
  HttpResponse response;
  response.status = kind.http_status;
  response.content_type = std::string(kApplicationJson);
  response.body = sink.text();
  return response;
}

}  // namespace tidegate::api
