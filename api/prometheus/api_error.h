// Errors of the query API: the one table from status codes to HTTP and Prometheus' errorType.
#ifndef TIDEGATE_API_PROMETHEUS_API_ERROR_H_
#define TIDEGATE_API_PROMETHEUS_API_ERROR_H_

#include <string_view>

#include "absl/status/status.h"
#include "api/http/http_response.h"

namespace tidegate::api {

struct ApiErrorKind {
  int http_status = 500;
  std::string_view error_type;
};

// What clients of Prometheus' API expect for a status (reference: errorType in web/api/v1/api.go).
ApiErrorKind ErrorKindOf(absl::StatusCode code);

// {"status":"error","errorType":...,"error":...}
HttpResponse ErrorResponse(const absl::Status& error);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_PROMETHEUS_API_ERROR_H_
