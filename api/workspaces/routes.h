// The workspaces' API: table of contents.
#ifndef TIDEGATE_API_WORKSPACES_ROUTES_H_
#define TIDEGATE_API_WORKSPACES_ROUTES_H_

#include "api/audit/audit_log.h"
#include "api/auth/tenant_resolver.h"
#include "api/http/router.h"
#include "api/workspaces/workspace_endpoints.h"

namespace tidegate::api {

// Adds everything under /v1.0/projects/. A project is a tenant: 401 without a valid key, 403 with
// the key of another project or one that lacks the permission (read to look, write to change), both
// in the envelope. Changes are audited unless `audit` is nullptr. Everything must outlive the
// router.
void AddWorkspaceRoutes(const TenantResolver* resolver, const WorkspaceServices& services,
                        AuditLog* audit, Router* router);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_WORKSPACES_ROUTES_H_
