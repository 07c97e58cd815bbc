// Mackerel's v0 API: table of contents.
#ifndef TIDEGATE_API_MONITORS_ROUTES_H_
#define TIDEGATE_API_MONITORS_ROUTES_H_

#include "api/audit/audit_log.h"
#include "api/auth/tenant_resolver.h"
#include "api/http/router.h"
#include "control/monitoring.h"

namespace tidegate::api {

// Adds everything under /api/v0/. Reading needs a key with the permission read; changes need read
// and write, posting values and roles of hosts write only. Refusals are {"error":{"message":TEXT}}.
// Changes are audited unless `audit` is nullptr. Everything must outlive the router.
void AddMonitorRoutes(const TenantResolver* resolver, control::Monitoring* monitoring,
                      AuditLog* audit, Router* router);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_MONITORS_ROUTES_H_
