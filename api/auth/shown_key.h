// The key that a request shows.
#ifndef TIDEGATE_API_AUTH_SHOWN_KEY_H_
#define TIDEGATE_API_AUTH_SHOWN_KEY_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "api/http/http_request.h"
#include "control/sessions.h"
#include "model/api_key.h"

namespace tidegate::api {

struct ShownKey {
  model::KeyDigest digest = {};
  std::string user;  // As in Credentials.
};

// The key in the request's fields (ReadCredentials) or, when they show none, the one that its
// session was opened with. Nothing when there is neither, or with `sessions` nullptr no field.
// Never waits.
//   Unauthenticated   ReadCredentials' reasons; the session has ended
//   PermissionDenied  a session that another origin makes use of (CheckSameOrigin)
absl::StatusOr<std::optional<ShownKey>> ReadShownKey(const HttpRequest& request,
                                                     const control::Sessions* sessions);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_AUTH_SHOWN_KEY_H_
