#include "api/auth/caller.h"

#include "api/auth/shown_key.h"

namespace tidegate::api {

Caller CallerOf(const model::TenantRegistry& tenants, const HttpRequest& request,
                const control::Sessions* sessions) {
  const auto shown = ReadShownKey(request, sessions);
  if (!shown.ok() || !shown->has_value()) return {};
  const auto holder = tenants.FindKey((*shown)->digest);
  if (!holder.has_value() || holder->tenant == nullptr) return {};
  return {holder->tenant->name, holder->key->id};
}

}  // namespace tidegate::api
