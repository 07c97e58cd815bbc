#include "api/auth/shown_key.h"

#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "api/auth/credentials.h"
#include "api/auth/session_cookie.h"

namespace tidegate::api {

absl::StatusOr<std::optional<ShownKey>> ReadShownKey(const HttpRequest& request,
                                                     const control::Sessions* sessions) {
  auto credentials = ReadCredentials(request.headers);
  if (!credentials.ok()) return credentials.status();
  if (credentials->has_value()) {
    return ShownKey{model::DigestOf((*credentials)->secret), std::move((*credentials)->user)};
  }
  if (sessions == nullptr) return std::nullopt;
  const std::string_view token = SessionToken(request.headers);
  if (token.empty()) return std::nullopt;
  if (absl::Status status = CheckSameOrigin(request); !status.ok()) return status;
  const auto digest = sessions->Find(token);
  if (!digest.has_value()) {
    return absl::UnauthenticatedError("the session has ended: log in again");
  }
  return ShownKey{*digest, ""};
}

}  // namespace tidegate::api
