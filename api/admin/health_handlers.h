// /-/healthy, /-/ready, /-/flush: for operators and their probes.
#ifndef TIDEGATE_API_ADMIN_HEALTH_HANDLERS_H_
#define TIDEGATE_API_ADMIN_HEALTH_HANDLERS_H_

#include <functional>

#include "absl/status/status.h"
#include "api/audit/audit_log.h"
#include "api/auth/tenant_resolver.h"
#include "api/http/router.h"
#include "ingest/ingester.h"

namespace tidegate::api {

// GET and HEAD /-/healthy: 200 as long as the process answers at all, also when all workers are
// busy. GET and HEAD /-/ready: 200, or 503 and the text of why not.
void AddHealthRoutes(std::function<absl::Status()> ready, Router* router);

// POST and PUT /-/reload. The resolver must outlive the router.
void AddReloadRoutes(const TenantResolver* resolver, std::function<absl::Status()> reload,
                     AuditLog* audit, Router* router);

// POST /-/flush: seals everything that is open. 204 when done; 503 when it cannot be done now.
// Resolver and ingester must outlive the router.
void AddFlushRoute(const TenantResolver* resolver, ingest::Ingester* ingester, AuditLog* audit,
                   Router* router);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_ADMIN_HEALTH_HANDLERS_H_
