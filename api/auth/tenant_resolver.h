// Whose request this is.
#ifndef TIDEGATE_API_AUTH_TENANT_RESOLVER_H_
#define TIDEGATE_API_AUTH_TENANT_RESOLVER_H_

#include <prometheus/counter.h>
#include <prometheus/family.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "api/auth/shown_key.h"
#include "api/http/http_request.h"
#include "api/http/http_response.h"
#include "model/api_key.h"
#include "model/request_context.h"
#include "model/tenant.h"

namespace prometheus {
class Registry;
}
namespace tidegate::control {
class Sessions;
}

namespace tidegate::api {

// Whether a request may be about several tenants at once, as a|b in X-Scope-OrgID. Only what reads
// series, log lines and their labels may.
enum class TenantChoice : uint8_t { kOne, kSeveral };

// Immutable and thread safe; the registry must outlive it.
//
// Several tenants are answered as one whose name is the joined one (model/federation.h). A key may
// name its own tenant and its read_tenants, in any choice; who is let in by X-Scope-OrgID alone may
// name all.
//
// With authentication on (the registry has keys) a request shows a key, itself or by a session that
// was opened with one, and the key decides. Without a key it is let in only by X-Scope-OrgID and
// `trust_org_id`: the proxy in front has checked it, and it may read and write. With authentication
// off everything is allowed and keys are not looked at.
class TenantResolver {
 public:
  // With `trust_org_id` the field X-Scope-OrgID names the tenant (a proxy in front has checked it);
  // with authentication off and without the field, or without trust, everything belongs to the
  // tenant `default`.
  // What limits refuse is counted in the registry of metrics, where there is one. Cookies count
  // only with sessions, which must outlive it.
  TenantResolver(const model::TenantRegistry* tenants, bool trust_org_id,
                 prometheus::Registry* metrics = nullptr,
                 const control::Sessions* sessions = nullptr);

  // Whose request this is, if it may do what `needed` says. Needs the head of the request only.
  //   Unauthenticated (401)   no key or an unknown one, a name that is no tenant name
  //   PermissionDenied (403)  the key lacks the permission, is used from another address, or
  //                           X-Scope-OrgID names another tenant than the key's; the session is
  //                           used by a page of another origin
  //   NotFound (404)          a tenant that the registry does not know, as Mimir answers
  //   InvalidArgument (400)   several tenants where a request can only be about one, or more than
  //                           max_tenants_per_query of any of them
  absl::StatusOr<std::shared_ptr<const model::TenantConfig>> Resolve(
      const HttpRequest& request, model::Permission needed,
      TenantChoice choice = TenantChoice::kOne) const;

 private:
  absl::StatusOr<std::shared_ptr<const model::TenantConfig>> ByKey(const HttpRequest& request,
                                                                   const ShownKey& shown,
                                                                   model::Permission needed,
                                                                   TenantChoice choice) const;
  // Of what X-Scope-OrgID names.
  absl::StatusOr<std::shared_ptr<const model::TenantConfig>> ByName(std::string_view org_id,
                                                                    TenantChoice choice) const;
  absl::StatusOr<std::shared_ptr<const model::TenantConfig>> BySeveralNames(
      std::string_view org_id, TenantChoice choice) const;
  void CountRefused(const std::vector<std::string>& tenants) const;

  const model::TenantRegistry* const tenants_;
  const bool trust_org_id_;
  const control::Sessions* const sessions_;
  prometheus::Family<prometheus::Counter>* refused_ = nullptr;
};

// The context for a request of this tenant: shares the request's cancellation, has an id of its own
// (or the one in X-Request-Id), no deadline yet.
model::RequestContext ContextFor(const HttpRequest& request, const model::TenantConfig& tenant);

// Adds the challenge that every 401 carries (RFC 9110 section 11.6.1); nothing for other statuses.
void AddChallenge(const absl::Status& status, HttpResponse* response);

// The plain text answer to a request that could not be resolved.
HttpResponse TenantRefusal(const absl::Status& status);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_AUTH_TENANT_RESOLVER_H_
