// /tenant-limits: a page on which each tenant sees its limits, what it uses of them and what they
// refused.
#ifndef TIDEGATE_API_LIMITS_LIMITS_PAGE_H_
#define TIDEGATE_API_LIMITS_LIMITS_PAGE_H_

#include <string>
#include <vector>

#include "api/auth/tenant_resolver.h"
#include "api/http/router.h"
#include "api/limits/tenant_use.h"
#include "control/tenant_administration.h"
#include "model/tenant.h"

namespace tidegate::api {

// HTML without scripts and external resources; texts are escaped. `others` are links to the pages
// of other tenants.
std::string LimitsPage(const model::TenantConfig& tenant, const TenantUse& use,
                       const std::vector<std::string>& others);

// With the permission `read` a caller sees its own tenant; with `admin` any one, as ?tenant=NAME,
// and links to all that `tenants` lists (may be null). Errors are plain text: those of the
// resolver, 404 for a tenant that does not exist.
void AddLimitsPageRoute(const TenantResolver* resolver, const model::TenantRegistry* registry,
                        const control::TenantAdministration* tenants,
                        const TenantUseSources& sources, Router* router);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_LIMITS_LIMITS_PAGE_H_
