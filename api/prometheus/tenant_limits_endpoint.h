// status/tenant_limits: what a tenant may use, and what it uses.
#ifndef TIDEGATE_API_PROMETHEUS_TENANT_LIMITS_ENDPOINT_H_
#define TIDEGATE_API_PROMETHEUS_TENANT_LIMITS_ENDPOINT_H_

#include "api/limits/tenant_use.h"
#include "api/prometheus/api_endpoint.h"

namespace tidegate::api {

// {"tenant","config":{"retention","limits":{...},...},"use":{LIMIT:number},"rejected":{REASON:number}}:
// under `use` the names of limits, and how much of each is in use now; under `rejected` how often
// something was refused since this process started. What cannot be asked is left out.
ApiEndpoint TenantLimitsEndpoint(TenantUseSources sources);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_PROMETHEUS_TENANT_LIMITS_ENDPOINT_H_
