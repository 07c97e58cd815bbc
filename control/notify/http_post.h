// One HTTP request that carries a body to somebody else's server.
#ifndef TIDEGATE_CONTROL_NOTIFY_HTTP_POST_H_
#define TIDEGATE_CONTROL_NOTIFY_HTTP_POST_H_

#include <atomic>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "control/outbound/outbound_policy.h"
#include "model/config/http_client_config.h"

namespace tidegate::control {

struct PostRequest {
  std::string tenant;  // Whose rules say where connections may go.
  std::string url;
  std::string_view content_type;
  std::string_view body;
  absl::Duration timeout;  // From the first connect to the last byte of the answer.
  const model::HttpClientConfig* client = nullptr;  // Login, TLS and others; nullptr: none.
};

// Posts and waits for the answer, whose body is not looked at. Ok for 2xx. Errors:
//   Unavailable        no connection, no answer in time, 429 or 5xx: try again
//   InvalidArgument    any other status, or a URL that is none: trying again does not help
//   PermissionDenied   the tenant's rules forbid the address
//   Cancelled          `stop` was set
// A file of the client's that cannot be read is Unavailable too. Redirects are followed only where
// the client says so. Thread safe; each call makes its own connection.
absl::Status Post(const OutboundPolicy& policy, const PostRequest& request,
                  const std::atomic<bool>& stop);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_NOTIFY_HTTP_POST_H_
