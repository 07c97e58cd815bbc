// Every endpoint of Loki's query API, in one table.
#ifndef TIDEGATE_API_LOKI_ROUTES_H_
#define TIDEGATE_API_LOKI_ROUTES_H_

#include "api/audit/audit_log.h"
#include "api/auth/tenant_resolver.h"
#include "api/http/router.h"
#include "api/journal/query_journal.h"
#include "api/log_admin.h"
#include "api/loki/status_endpoints.h"
#include "model/clock.h"
#include "query/log_query_service.h"

namespace tidegate::api {

// What the endpoints stand on. Everything must outlive the router.
struct LokiApi {
  const TenantResolver* resolver = nullptr;
  query::LogQueryService* logs = nullptr;
  const model::Clock* clock = nullptr;
  QueryJournal* journal = nullptr;  // Without one, nothing is told about queries.
  LokiBuildInfo build;
  LogAdmin admin;             // Its functions may be empty: then there is no delete.
  AuditLog* audit = nullptr;  // Of deletions. May be null.
};

void AddLokiRoutes(const LokiApi& api, Router* router);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_LOKI_ROUTES_H_
