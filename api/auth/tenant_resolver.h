// Whose request this is.
#ifndef TIDEGATE_API_AUTH_TENANT_RESOLVER_H_
#define TIDEGATE_API_AUTH_TENANT_RESOLVER_H_

#include <memory>

#include "absl/status/statusor.h"
#include "api/http/http_request.h"
#include "api/http/http_response.h"
#include "model/request_context.h"
#include "model/tenant.h"

namespace tidegate::api {

// Immutable and thread safe; the registry must outlive it.
class TenantResolver {
 public:
  // With `trust_org_id` the field X-Scope-OrgID names the tenant (a proxy in front has checked it);
  // without the field, or without trust, everything belongs to the tenant `default`.
  TenantResolver(const model::TenantRegistry* tenants, bool trust_org_id)
      : tenants_(tenants), trust_org_id_(trust_org_id) {}

  // Needs the head of the request only. Unauthenticated (401) for a name that is no tenant name,
  // NotFound (404) for a tenant that the registry does not know, as Mimir answers.
  absl::StatusOr<std::shared_ptr<const model::TenantConfig>> Resolve(
      const HttpRequest& request) const;

 private:
  const model::TenantRegistry* const tenants_;
  const bool trust_org_id_;
};

// The context for a request of this tenant: shares the request's cancellation, has an id of its own
// (or the one in X-Request-Id), no deadline yet.
model::RequestContext ContextFor(const HttpRequest& request, const model::TenantConfig& tenant);

// The plain text answer to a request whose tenant could not be resolved.
HttpResponse TenantRefusal(const absl::Status& status);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_AUTH_TENANT_RESOLVER_H_
