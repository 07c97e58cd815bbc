// Tenants and keys over HTTP: /api/v1/admin/tenants.
#ifndef TIDEGATE_API_TENANTS_TENANT_ENDPOINTS_H_
#define TIDEGATE_API_TENANTS_TENANT_ENDPOINTS_H_

#include "api/audit/audit_log.h"
#include "api/auth/tenant_resolver.h"
#include "api/http/router.h"
#include "control/tenant_administration.h"

namespace tidegate::api {

// Adds (docs/api.md)
//   GET                 /api/v1/admin/tenants
//   GET, PUT, DELETE    /api/v1/admin/tenants/:tenant
//   GET, POST           /api/v1/admin/tenants/:tenant/keys
//   DELETE              /api/v1/admin/tenants/:tenant/keys/:key
// All need the permission admin; changes are audited unless `audit` is nullptr. Everything must
// outlive the router.
void AddTenantRoutes(const TenantResolver* resolver, control::TenantAdministration* tenants,
                     AuditLog* audit, Router* router);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_TENANTS_TENANT_ENDPOINTS_H_
