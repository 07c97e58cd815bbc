// The query API's table of contents.
#ifndef TIDEGATE_API_PROMETHEUS_ROUTES_H_
#define TIDEGATE_API_PROMETHEUS_ROUTES_H_

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "api/audit/audit_log.h"
#include "api/auth/tenant_resolver.h"
#include "api/http/router.h"
#include "api/journal/query_journal.h"
#include "api/limits/tenant_use.h"
#include "api/prometheus/metadata_endpoint.h"
#include "api/prometheus/status_endpoints.h"
#include "api/prometheus/tsdb_admin_endpoints.h"
#include "control/ruler.h"
#include "control/targets.h"
#include "ingest/ingester.h"
#include "model/clock.h"
#include "query/query_service.h"

namespace tidegate::api {

// What the query API stands on; pointers must outlive the router.
struct PrometheusApi {
  const TenantResolver* resolver = nullptr;
  query::QueryService* queries = nullptr;
  storage::SeriesSource* series =
      nullptr;                           // Without one, there is no status/tsdb and no cardinality.
  ingest::Ingester* ingester = nullptr;  // May be null.
  TsdbAdmin admin;                       // Its functions may be empty: then there is no admin/tsdb.
  MetadataSource metadata;               // Without one, metadata answers with an empty object.
  AuditLog* audit = nullptr;             // Of admin/tsdb. May be null.
  QueryJournal* journal = nullptr;       // Without one, nothing is told about queries.
  control::Ruler* ruler = nullptr;       // Without one, rules and alerts answer 404.
  control::Targets* targets = nullptr;   // Without one, nothing is told about targets.
  const model::Clock* clock = nullptr;
  std::string version;
  std::string revision;
  std::string build_date;
  RuntimeFacts runtime;
  std::vector<std::pair<std::string, std::string>> flags;
  TenantUseSources use;                      // What status/tenant_limits asks.
  std::function<std::string()> config_yaml;  // Without one, status/config is empty.
};

// Adds every endpoint under /prometheus/api/v1/ and /api/v1/.
void AddPrometheusRoutes(const PrometheusApi& api, Router* router);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_PROMETHEUS_ROUTES_H_
