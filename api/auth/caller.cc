#include "api/auth/caller.h"

#include "api/auth/credentials.h"
#include "model/api_key.h"

namespace tidegate::api {

Caller CallerOf(const model::TenantRegistry& tenants, const HttpRequest& request) {
  const auto credentials = ReadCredentials(request.headers);
  if (!credentials.ok() || !credentials->has_value()) return {};
  const auto holder = tenants.FindKey(model::DigestOf((*credentials)->secret));
  if (!holder.has_value() || holder->tenant == nullptr) return {};
  return {holder->tenant->name, holder->key->id};
}

}  // namespace tidegate::api
