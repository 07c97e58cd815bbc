// Several tenants as one, for queries: their names with `|` between, as Mimir and Loki have it.
#ifndef TIDEGATE_MODEL_FEDERATION_H_
#define TIDEGATE_MODEL_FEDERATION_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/tenant.h"

namespace tidegate::model {

// No tenant's name has a `|`.
inline bool IsFederated(std::string_view tenants) { return tenants.find('|') != tenants.npos; }

// The names, sorted and each once; not checked. One name is a list of one.
std::vector<std::string> FederatedTenants(std::string_view tenants);
// The name that stands for all of them in a RequestContext. One name stays what it is.
std::string JoinTenants(const std::vector<std::string>& names);

// What holds for queries of one tenant, or of several: of each limit the strictest, as Mimir has
// it; no keys, and nothing that only concerns pushes. nullptr when one of them is unknown.
std::shared_ptr<const TenantConfig> FindForQueries(const TenantRegistry& tenants,
                                                   std::string_view names);

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_FEDERATION_H_
