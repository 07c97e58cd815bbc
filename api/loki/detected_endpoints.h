// What Grafana's Logs Drilldown asks: detected labels and fields, patterns.
#ifndef TIDEGATE_API_LOKI_DETECTED_ENDPOINTS_H_
#define TIDEGATE_API_LOKI_DETECTED_ENDPOINTS_H_

#include "api/prometheus/api_endpoint.h"
#include "model/clock.h"
#include "query/log_query_service.h"

namespace tidegate::api {

// What is passed in must outlive the endpoints. The range is one hour by default.
ApiEndpoint DetectedLabelsEndpoint(query::LogQueryService* logs, const model::Clock* clock);
ApiEndpoint DetectedFieldsEndpoint(query::LogQueryService* logs, const model::Clock* clock);
ApiEndpoint DetectedFieldValuesEndpoint(query::LogQueryService* logs, const model::Clock* clock);
ApiEndpoint PatternsEndpoint(query::LogQueryService* logs, const model::Clock* clock);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_LOKI_DETECTED_ENDPOINTS_H_
