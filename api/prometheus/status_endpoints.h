// status/buildinfo, status/runtimeinfo, status/flags, status/config: what this process is.
#ifndef TIDEGATE_API_PROMETHEUS_STATUS_ENDPOINTS_H_
#define TIDEGATE_API_PROMETHEUS_STATUS_ENDPOINTS_H_

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "api/prometheus/api_endpoint.h"
#include "model/clock.h"

namespace tidegate::api {

// Prometheus' field names; what is Go's own business is empty. There is no "features" member:
// Grafana would take us for Mimir and look for its ruler.
ApiEndpoint BuildInfoEndpoint(std::string version, std::string revision, std::string build_date);

struct RuntimeFacts {
  absl::Time start_time;
  std::string working_directory;
  std::string storage_retention;
};
// The clock must outlive the endpoint.
ApiEndpoint RuntimeInfoEndpoint(RuntimeFacts facts, const model::Clock* clock);

ApiEndpoint FlagsEndpoint(std::vector<std::pair<std::string, std::string>> flags);
// Asked at every request; what it gives must hold no secrets.
ApiEndpoint ConfigEndpoint(std::function<std::string()> yaml);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_PROMETHEUS_STATUS_ENDPOINTS_H_
