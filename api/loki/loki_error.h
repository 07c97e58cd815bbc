// How Loki's query API says that something went wrong: a status and plain text.
#ifndef TIDEGATE_API_LOKI_LOKI_ERROR_H_
#define TIDEGATE_API_LOKI_LOKI_ERROR_H_

#include "absl/status/status.h"
#include "api/http/http_response.h"

namespace tidegate::api {

// InvalidArgument, FailedPrecondition and ResourceExhausted 400; Unauthenticated 401,
// PermissionDenied 403, NotFound 404; Cancelled 499 and DeadlineExceeded 504 with Loki's texts;
// Unimplemented 501, Unavailable 503; the rest 500.
HttpResponse LokiErrorResponse(const absl::Status& status);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_LOKI_LOKI_ERROR_H_
