// Logging in and out at the page.
#ifndef TIDEGATE_API_WEB_SESSION_ENDPOINT_H_
#define TIDEGATE_API_WEB_SESSION_ENDPOINT_H_

#include "absl/time/time.h"
#include "api/audit/audit_log.h"
#include "api/auth/tenant_resolver.h"
#include "api/http/router.h"
#include "control/sessions.h"
#include "model/tenant.h"

namespace tidegate::api {

// Everything must outlive the router.
struct SessionApi {
  const TenantResolver* resolver = nullptr;
  const model::TenantRegistry* tenants = nullptr;
  control::Sessions* sessions = nullptr;
  absl::Duration lifetime;    // Of a session, as the cookie says it.
  bool trust_org_id = false;  // Whether the page may name any tenant.
  bool over_tls = false;      // Cookies go over TLS only.
  AuditLog* audit = nullptr;
};

// Adds /ui/session:
//   GET     200 {"authentication":BOOL,"authenticated":BOOL,...}: whether keys are needed, whether
//           the request may read, and whose key it shows and what that may do. Never a failure, so
//           that the page can ask first.
//   POST    opens a session for the key in the request's fields: 204 with the cookie. 400 while
//           authentication is off, 401 and 403 for the key (it needs `read`), 429 and 503 by the
//           store.
//   DELETE  ends the session of the cookie, and takes that away: 204, also when there is none.
// POST and DELETE are refused when a browser says that another origin's page sent them: 403.
void AddSessionRoutes(const SessionApi& api, Router* router);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_WEB_SESSION_ENDPOINT_H_
