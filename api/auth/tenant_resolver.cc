#include "api/auth/tenant_resolver.h"

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "api/http/request_id.h"

namespace tidegate::api {
namespace {

constexpr std::string_view kOrgIdField = "X-Scope-OrgID";

// The user of Basic authentication is optional; a wrong one is a mistake that should show.
bool FitsUser(std::string_view user, const model::KeyHolder& holder) {
  return user.empty() || user == holder.tenant->name || user == holder.key->id;
}

// A registry that does not know its keys yet has every key, held by nobody.
bool KeysAreUnknown(const model::TenantRegistry& tenants) {
  const auto holder = tenants.FindKey(model::KeyDigest());
  return holder.has_value() && holder->tenant == nullptr;
}

absl::Status CheckUse(const HttpRequest& request, const model::KeyHolder& holder,
                      model::Permission needed) {
  const absl::StatusOr<model::IpAddress> peer = model::IpAddress::ParseEndpoint(request.peer);
  if (!holder.key->allow_ips.empty() && (!peer.ok() || !holder.key->AllowsAddress(*peer))) {
    return absl::PermissionDeniedError(
        fmt::format("the key {} may not be used from this address", holder.key->id));
  }
  if (request.headers.Has(kOrgIdField) && request.headers.Get(kOrgIdField) != holder.tenant->name) {
    return absl::PermissionDeniedError(
        fmt::format("the key {} does not belong to the tenant in {}", holder.key->id, kOrgIdField));
  }
  if (!holder.key->permissions.Has(needed)) {
    return absl::PermissionDeniedError(fmt::format("the key {} lacks the permission {}",
                                                   holder.key->id, model::PermissionName(needed)));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::shared_ptr<const model::TenantConfig>> TenantResolver::Resolve(
    const HttpRequest& request, model::Permission needed) const {
  const bool requires_keys = tenants_->RequiresKeys();
  if (requires_keys) {
    if (KeysAreUnknown(*tenants_)) {
      return absl::UnavailableError("the tenants and keys are not known yet");
    }
    const auto credentials = ReadCredentials(request.headers);
    if (!credentials.ok()) return credentials.status();
    if (credentials->has_value()) return ByKey(request, **credentials, needed);
  }
  if (trust_org_id_ && request.headers.Has(kOrgIdField)) {
    if (requires_keys && needed == model::Permission::kAdmin) {
      return absl::PermissionDeniedError("this needs a key with the permission admin");
    }
    return ByName(request.headers.Get(kOrgIdField));
  }
  if (!requires_keys) return ByName(model::kDefaultTenant);
  return absl::UnauthenticatedError(
      "no key: send one in X-Auth-Token, X-TC-APP-KEY, X-Api-Key or Authorization");
}

absl::StatusOr<std::shared_ptr<const model::TenantConfig>> TenantResolver::ByKey(
    const HttpRequest& request, const Credentials& credentials, model::Permission needed) const {
  const auto holder = tenants_->FindKey(model::DigestOf(credentials.secret));
  if (!holder.has_value() || holder->tenant == nullptr || !FitsUser(credentials.user, *holder)) {
    return absl::UnauthenticatedError("the key is not valid");
  }
  if (absl::Status status = CheckUse(request, *holder, needed); !status.ok()) return status;
  return holder->tenant;
}

absl::StatusOr<std::shared_ptr<const model::TenantConfig>> TenantResolver::ByName(
    std::string_view name) const {
  if (!model::IsValidTenantName(name)) {
    return absl::UnauthenticatedError(fmt::format("{} is not a valid tenant name", kOrgIdField));
  }
  std::shared_ptr<const model::TenantConfig> tenant = tenants_->Find(name);
  if (tenant == nullptr) return absl::NotFoundError(fmt::format("tenant {} does not exist", name));
  return tenant;
}

model::RequestContext ContextFor(const HttpRequest& request, const model::TenantConfig& tenant) {
  model::RequestContext context;
  context.tenant = tenant.name;
  context.request_id = RequestIdOf(request.headers);
  context.cancelled = request.cancelled;
  return context;
}

void AddChallenge(const absl::Status& status, HttpResponse* response) {
  if (!absl::IsUnauthenticated(status)) return;
  response->headers.emplace_back("WWW-Authenticate", "Bearer realm=\"tidegate\"");
}

HttpResponse TenantRefusal(const absl::Status& status) {
  int code = 404;
  if (absl::IsUnavailable(status)) code = 503;
  if (absl::IsUnauthenticated(status)) code = 401;
  if (absl::IsPermissionDenied(status)) code = 403;
  HttpResponse response = TextResponse(code, {status.message().data(), status.message().size()});
  if (code == 503) response.headers.emplace_back("Retry-After", "1");
  AddChallenge(status, &response);
  return response;
}

}  // namespace tidegate::api
