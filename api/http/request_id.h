// What names a request in logs, in its answer and in other services.
#ifndef TIDEGATE_API_HTTP_REQUEST_ID_H_
#define TIDEGATE_API_HTTP_REQUEST_ID_H_

#include <string>
#include <string_view>

#include "api/http/http_request.h"

namespace tidegate::api {

inline constexpr std::string_view kRequestIdField = "X-Request-Id";
// Under this name, which no client can send, the server adds to each request the id it is known by.
inline constexpr std::string_view kGivenRequestIdField = ":request-id";

// The id that the server gave; before that the client's X-Request-Id, if it is at most 128
// printable ASCII characters without blanks; else a new one, which no other process makes. Thread
// safe.
std::string RequestIdOf(const Headers& headers);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_HTTP_REQUEST_ID_H_
