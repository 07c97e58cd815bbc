#include "api/auth/tenant_resolver.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

namespace tidegate::api {
namespace {

constexpr std::string_view kOrgIdField = "X-Scope-OrgID";
constexpr std::string_view kRequestIdField = "X-Request-Id";
constexpr size_t kMaxRequestIdBytes = 128;

bool IsUsableRequestId(std::string_view id) {
  return !id.empty() && id.size() <= kMaxRequestIdBytes &&
         std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

std::string RequestId(const HttpRequest& request) {
  static std::atomic<uint64_t> next{1};
  const std::string_view given = request.headers.Get(kRequestIdField);
  if (IsUsableRequestId(given)) return std::string(given);
  return fmt::format("r{}", next.fetch_add(1, std::memory_order_relaxed));
}

}  // namespace

absl::StatusOr<std::shared_ptr<const model::TenantConfig>> TenantResolver::Resolve(
    const HttpRequest& request) const {
  // Keys (X-Auth-Token, X-TC-APP-KEY, X-Api-Key, Authorization) are checked here once there are
  // any.
  std::string_view name = model::kDefaultTenant;
  if (trust_org_id_ && request.headers.Has(kOrgIdField)) {
    name = request.headers.Get(kOrgIdField);
    if (!model::IsValidTenantName(name)) {
      return absl::UnauthenticatedError(fmt::format("{} is not a valid tenant name", kOrgIdField));
    }
  }
  std::shared_ptr<const model::TenantConfig> tenant = tenants_->Find(name);
  if (tenant == nullptr) return absl::NotFoundError(fmt::format("tenant {} does not exist", name));
  return tenant;
}

model::RequestContext ContextFor(const HttpRequest& request, const model::TenantConfig& tenant) {
  model::RequestContext context;
  context.tenant = tenant.name;
  context.request_id = RequestId(request);
  context.cancelled = request.cancelled;
  return context;
}

HttpResponse TenantRefusal(const absl::Status& status) {
  const int code = status.code() == absl::StatusCode::kUnauthenticated ? 401 : 404;
  return TextResponse(code, {status.message().data(), status.message().size()});
}

}  // namespace tidegate::api
