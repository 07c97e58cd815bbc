#include "api/auth/tenant_resolver.h"

#include <fmt/format.h>
#include <prometheus/registry.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "api/http/request_id.h"
#include "model/federation.h"

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

bool MayRead(const model::KeyHolder& holder, const std::string& tenant) {
  const std::vector<std::string>& others = holder.key->read_tenants;
  return tenant == holder.tenant->name ||
         std::find(others.begin(), others.end(), tenant) != others.end();
}

// Whether the key fits what X-Scope-OrgID names. Several where only one may be named are another
// mistake.
bool FitsOrgId(const model::KeyHolder& holder, std::string_view org_id, TenantChoice choice) {
  if (org_id == holder.tenant->name) return true;
  if (choice == TenantChoice::kOne && !model::IsFederated(org_id)) return false;
  const std::vector<std::string> names = model::FederatedTenants(org_id);
  return std::all_of(names.begin(), names.end(),
                     [&](const std::string& name) { return MayRead(holder, name); });
}

absl::Status CheckUse(const HttpRequest& request, const model::KeyHolder& holder,
                      model::Permission needed, TenantChoice choice) {
  const absl::StatusOr<model::IpAddress> peer = model::IpAddress::ParseEndpoint(request.peer);
  if (!holder.key->allow_ips.empty() && (!peer.ok() || !holder.key->AllowsAddress(*peer))) {
    return absl::PermissionDeniedError(
        fmt::format("the key {} may not be used from this address", holder.key->id));
  }
  if (request.headers.Has(kOrgIdField) &&
      !FitsOrgId(holder, request.headers.Get(kOrgIdField), choice)) {
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

TenantResolver::TenantResolver(const model::TenantRegistry* tenants, bool trust_org_id,
                               prometheus::Registry* metrics, const control::Sessions* sessions)
    : tenants_(tenants), trust_org_id_(trust_org_id), sessions_(sessions) {
  if (metrics == nullptr) return;
  // The querier's counter, which says the same about its own limits.
  refused_ = &prometheus::BuildCounter()
                  .Name("tidegate_query_rejected_total")
                  .Help("Queries that a limit refused or ended.")
                  .Register(*metrics);
}

absl::StatusOr<std::shared_ptr<const model::TenantConfig>> TenantResolver::Resolve(
    const HttpRequest& request, model::Permission needed, TenantChoice choice) const {
  const bool requires_keys = tenants_->RequiresKeys();
  if (requires_keys) {
    if (KeysAreUnknown(*tenants_)) {
      return absl::UnavailableError("the tenants and keys are not known yet");
    }
    const auto shown = ReadShownKey(request, sessions_);
    if (!shown.ok()) return shown.status();
    if (shown->has_value()) return ByKey(request, **shown, needed, choice);
  }
  if (trust_org_id_ && request.headers.Has(kOrgIdField)) {
    if (requires_keys && needed == model::Permission::kAdmin) {
      return absl::PermissionDeniedError("this needs a key with the permission admin");
    }
    return ByName(request.headers.Get(kOrgIdField), choice);
  }
  if (!requires_keys) return ByName(model::kDefaultTenant, choice);
  return absl::UnauthenticatedError(
      "no key: send one in X-Auth-Token, X-TC-APP-KEY, X-Api-Key or Authorization");
}

absl::StatusOr<std::shared_ptr<const model::TenantConfig>> TenantResolver::ByKey(
    const HttpRequest& request, const ShownKey& shown, model::Permission needed,
    TenantChoice choice) const {
  const auto holder = tenants_->FindKey(shown.digest);
  if (!holder.has_value() || holder->tenant == nullptr || !FitsUser(shown.user, *holder)) {
    return absl::UnauthenticatedError("the key is not valid");
  }
  if (absl::Status status = CheckUse(request, *holder, needed, choice); !status.ok()) {
    return status;
  }
  if (!request.headers.Has(kOrgIdField)) return holder->tenant;
  return ByName(request.headers.Get(kOrgIdField), choice);
}

absl::StatusOr<std::shared_ptr<const model::TenantConfig>> TenantResolver::ByName(
    std::string_view org_id, TenantChoice choice) const {
  if (model::IsFederated(org_id)) return BySeveralNames(org_id, choice);
  if (!model::IsValidTenantName(org_id)) {
    return absl::UnauthenticatedError(fmt::format("{} is not a valid tenant name", kOrgIdField));
  }
  std::shared_ptr<const model::TenantConfig> tenant = tenants_->Find(org_id);
  if (tenant == nullptr) {
    return absl::NotFoundError(fmt::format("tenant {} does not exist", org_id));
  }
  return tenant;
}

absl::StatusOr<std::shared_ptr<const model::TenantConfig>> TenantResolver::BySeveralNames(
    std::string_view org_id, TenantChoice choice) const {
  const std::vector<std::string> names = model::FederatedTenants(org_id);
  for (const std::string& name : names) {
    if (absl::Status known = ByName(name, choice).status(); !known.ok()) return known;
  }
  if (names.size() > 1 && choice == TenantChoice::kOne) {
    return absl::InvalidArgumentError(
        "multiple org IDs present: this request can only be about one tenant");
  }
  auto tenant = model::FindForQueries(*tenants_, model::JoinTenants(names));
  if (tenant == nullptr) return absl::NotFoundError("one of the tenants does not exist any more");
  const size_t most = tenant->limits.max_tenants_per_query;
  if (most == 0 || names.size() <= most) return tenant;
  CountRefused(names);
  return absl::InvalidArgumentError(
      fmt::format("too many tenants, max: {}, actual: {}", most, names.size()));
}

void TenantResolver::CountRefused(const std::vector<std::string>& tenants) const {
  if (refused_ == nullptr) return;
  for (const std::string& tenant : tenants) {
    refused_->Add({{"tenant", tenant}, {"reason", "max_tenants_per_query"}}).Increment();
  }
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
  if (absl::IsInvalidArgument(status)) code = 400;
  if (absl::IsUnavailable(status)) code = 503;
  if (absl::IsUnauthenticated(status)) code = 401;
  if (absl::IsPermissionDenied(status)) code = 403;
  HttpResponse response = TextResponse(code, {status.message().data(), status.message().size()});
  if (code == 503) response.headers.emplace_back("Retry-After", "1");
  AddChallenge(status, &response);
  return response;
}

}  // namespace tidegate::api
