// status/tenant_limits: what a tenant may use, and what it uses.
#ifndef TIDEGATE_API_PROMETHEUS_TENANT_LIMITS_ENDPOINT_H_
#define TIDEGATE_API_PROMETHEUS_TENANT_LIMITS_ENDPOINT_H_

#include "api/journal/query_journal.h"
#include "api/prometheus/api_endpoint.h"
#include "ingest/ingester.h"

namespace tidegate::api {

// {"tenant","config":{"retention","limits":{...},...},"use":{"max_series","max_concurrent_queries"}}:
// under `use` the names of limits, and how much of each is in use now. What cannot be asked is left
// out. Both may be nullptr, and must outlive the endpoint.
ApiEndpoint TenantLimitsEndpoint(ingest::Ingester* ingester, const QueryJournal* journal);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_PROMETHEUS_TENANT_LIMITS_ENDPOINT_H_
