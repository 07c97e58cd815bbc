// The secret that a request shows.
#ifndef TIDEGATE_API_AUTH_CREDENTIALS_H_
#define TIDEGATE_API_AUTH_CREDENTIALS_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "api/http/http_request.h"

namespace tidegate::api {

struct Credentials {
  std::string secret;
  // Of `Authorization: Basic`: the tenant's name or the key's id, which has to fit the key. Empty
  // in all other forms.
  std::string user;
};

// Reads X-Auth-Token, X-TC-APP-KEY, X-Api-Key and `Authorization: Bearer|Basic` (RFC 6750, RFC
// 7617; the key is the password). Nothing when the request has none of these fields.
// Unauthenticated when a field is there and holds no secret, or when two fields show different
// ones: a request that tried to authenticate is never taken for an anonymous one.
absl::StatusOr<std::optional<Credentials>> ReadCredentials(const Headers& headers);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_AUTH_CREDENTIALS_H_
