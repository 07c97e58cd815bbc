// What Prometheus' API tells about what this process never has.
#ifndef TIDEGATE_API_PROMETHEUS_CONTROL_ENDPOINTS_H_
#define TIDEGATE_API_PROMETHEUS_CONTROL_ENDPOINTS_H_

#include <string_view>

#include "api/prometheus/api_endpoint.h"

namespace tidegate::api {

// Answers with this JSON value, whatever the parameters.
ApiEndpoint ConstantEndpoint(std::string_view json);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_PROMETHEUS_CONTROL_ENDPOINTS_H_
