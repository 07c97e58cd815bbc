// The session of a browser: its cookie, and whose page sent it.
#ifndef TIDEGATE_API_AUTH_SESSION_COOKIE_H_
#define TIDEGATE_API_AUTH_SESSION_COOKIE_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "api/http/http_request.h"

namespace tidegate::api {

inline constexpr std::string_view kSessionCookie = "tidegate_session";

// The token in the Cookie field (RFC 6265 section 4.2); empty when there is none.
std::string_view SessionToken(const Headers& headers);

// The value of a Set-Cookie field: HttpOnly, SameSite=Strict, for all paths. `secure` keeps it from
// going over plain HTTP. An empty token takes the cookie away.
std::string SessionCookie(std::string_view token, absl::Duration lifetime, bool secure);

// A browser adds its cookies to requests that other sites' pages make it send, and takes another
// port of the same host for the same site. So what is authenticated by a cookie has to come from a
// page of this very origin: PermissionDenied when Sec-Fetch-Site or Origin say that it does not,
// and when neither is there while the request could change something or opens a WebSocket. A typed
// address (Sec-Fetch-Site: none) may be looked at. Other origins never get to read an answer: no
// Access-Control-Allow-Credentials is sent.
absl::Status CheckSameOrigin(const HttpRequest& request);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_AUTH_SESSION_COOKIE_H_
