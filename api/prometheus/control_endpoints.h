// What Prometheus' API tells about rules and alerts, in a process that has none of them.
#ifndef TIDEGATE_API_PROMETHEUS_CONTROL_ENDPOINTS_H_
#define TIDEGATE_API_PROMETHEUS_CONTROL_ENDPOINTS_H_

#include <string_view>

#include "api/prometheus/api_endpoint.h"

namespace tidegate::api {

// {"groups":[]}; parameters are checked as if there were rules.
ApiEndpoint RulesEndpoint();

// Answers with this JSON value, whatever the parameters.
ApiEndpoint ConstantEndpoint(std::string_view json);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_PROMETHEUS_CONTROL_ENDPOINTS_H_
