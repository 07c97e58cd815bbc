// Who asks, for the records.
#ifndef TIDEGATE_API_AUTH_CALLER_H_
#define TIDEGATE_API_AUTH_CALLER_H_

#include <string>

#include "api/http/http_request.h"
#include "model/tenant.h"

namespace tidegate::control {
class Sessions;
}

namespace tidegate::api {

struct Caller {
  std::string tenant;
  std::string key_id;
};

// Whose key the request shows, itself or by a session, whatever it may do; nobody without a known
// key.
Caller CallerOf(const model::TenantRegistry& tenants, const HttpRequest& request,
                const control::Sessions* sessions = nullptr);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_AUTH_CALLER_H_
