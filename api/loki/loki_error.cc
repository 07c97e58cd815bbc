#include "api/loki/loki_error.h"

#include <string_view>

namespace tidegate::api {

HttpResponse LokiErrorResponse(const absl::Status& status) {
  const std::string_view message(status.message().data(), status.message().size());
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kOutOfRange:
      return TextResponse(400, message);
    case absl::StatusCode::kUnauthenticated:
      return TextResponse(401, message);
    case absl::StatusCode::kPermissionDenied:
      return TextResponse(403, message);
    case absl::StatusCode::kNotFound:
      return TextResponse(404, message);
    case absl::StatusCode::kCancelled:
      return TextResponse(499, "the request was cancelled by the client");
    case absl::StatusCode::kDeadlineExceeded:
      return TextResponse(504,
                          "request timed out, decrease the duration of the request or add more "
                          "label matchers (prefer exact match over regex match) to reduce the "
                          "amount of data processed");
    case absl::StatusCode::kUnimplemented:
      return TextResponse(501, message);
    case absl::StatusCode::kUnavailable:
      return TextResponse(503, message);
    default:
      return TextResponse(500, message);
  }
}

}  // namespace tidegate::api
