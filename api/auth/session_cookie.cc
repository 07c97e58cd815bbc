#include "api/auth/session_cookie.h"

#include <fmt/format.h>

#include <algorithm>

namespace tidegate::api {
namespace {

std::string_view Trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Whether `origin` ("https://host:port") is where the request went.
bool IsOwnOrigin(std::string_view origin, std::string_view host) {
  for (std::string_view scheme : {"http://", "https://"}) {
    if (origin.starts_with(scheme)) return EqualsIgnoreCase(origin.substr(scheme.size()), host);
  }
  return false;
}

// A plain look: nothing is changed by it, and no answer goes on after it.
bool OnlyLooks(const HttpRequest& request) {
  return (request.method == HttpMethod::kGet || request.method == HttpMethod::kHead) &&
         !request.headers.Has("Upgrade");
}

absl::Status FromElsewhere(std::string_view why) {
  return absl::PermissionDeniedError(fmt::format(
      "a session is good for requests of this server's own page only ({}); send a key instead. "
      "A proxy in front has to pass Host and Origin on",
      why));
}

}  // namespace

std::string_view SessionToken(const Headers& headers) {
  std::string_view rest = headers.Get("Cookie");
  while (!rest.empty()) {
    const size_t end = std::min(rest.find(';'), rest.size());
    const std::string_view pair = Trimmed(rest.substr(0, end));
    const size_t equals = pair.find('=');
    if (equals != pair.npos && pair.substr(0, equals) == kSessionCookie) {
      return pair.substr(equals + 1);
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return {};
}

std::string SessionCookie(std::string_view token, absl::Duration lifetime, bool secure) {
  return fmt::format("{}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Strict{}", kSessionCookie,
                     token, token.empty() ? 0 : absl::ToInt64Seconds(lifetime),
                     secure ? "; Secure" : "");
}

absl::Status CheckSameOrigin(const HttpRequest& request) {
  const bool looks = OnlyLooks(request);
  const std::string_view site = request.headers.Get("Sec-Fetch-Site");
  if (!site.empty()) {
    if (site == "same-origin" || (site == "none" && looks)) return absl::OkStatus();
    return FromElsewhere(fmt::format("Sec-Fetch-Site: {}", site));
  }
  const std::string_view origin = request.headers.Get("Origin");
  if (origin.empty()) {
    return looks ? absl::OkStatus() : FromElsewhere("neither Sec-Fetch-Site nor Origin is there");
  }
  if (IsOwnOrigin(origin, request.headers.Get("Host"))) return absl::OkStatus();
  return FromElsewhere(fmt::format("Origin: {}, Host: {}", origin, request.headers.Get("Host")));
}

}  // namespace tidegate::api
