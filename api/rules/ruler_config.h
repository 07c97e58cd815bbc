// The ruler API as Mimir and Loki have it: rule groups as YAML, in namespaces.
#ifndef TIDEGATE_API_RULES_RULER_CONFIG_H_
#define TIDEGATE_API_RULES_RULER_CONFIG_H_

#include "api/audit/audit_log.h"
#include "api/auth/tenant_resolver.h"
#include "api/http/router.h"
#include "control/rule_store.h"

namespace tidegate::api {

// Under /prometheus/config/v1/rules and /config/v1/rules in PromQL, under /loki/api/v1/rules and
// /api/prom/rules in LogQL:
//   GET [/NAMESPACE]          {NAMESPACE: [group, ...]}
//   GET /NAMESPACE/GROUP      the group
//   POST /NAMESPACE           sets the group in the body: 202
//   DELETE /NAMESPACE[/GROUP] 202
// Reading needs the permission `read`, the rest `admin`. Changes are noted in the audit log (may be
// null). Errors are plain text. Everything must outlive the router.
void AddRulerConfigRoutes(const TenantResolver* resolver, control::RuleStore* store,
                          AuditLog* audit, Router* router);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_RULES_RULER_CONFIG_H_
