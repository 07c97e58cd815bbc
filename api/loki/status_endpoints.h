// Loki's endpoints about itself: buildinfo, the tenant's limits.
#ifndef TIDEGATE_API_LOKI_STATUS_ENDPOINTS_H_
#define TIDEGATE_API_LOKI_STATUS_ENDPOINTS_H_

#include <string>

#include "api/prometheus/api_endpoint.h"

namespace tidegate::api {

struct LokiBuildInfo {
  std::string version;  // Whose API this is: Grafana chooses what it asks by it.
  std::string revision;
  std::string build_date;
};

ApiEndpoint LokiBuildInfoEndpoint(const LokiBuildInfo& build);
// What Logs Drilldown wants to know about the tenant.
ApiEndpoint DrilldownLimitsEndpoint(const LokiBuildInfo& build);
// All limits of the tenant as YAML.
ApiEndpoint TenantLimitsEndpoint();

}  // namespace tidegate::api

#endif  // TIDEGATE_API_LOKI_STATUS_ENDPOINTS_H_
