// query, query_range, query_exemplars, format_query, parse_query.
#ifndef TIDEGATE_API_PROMETHEUS_QUERY_ENDPOINTS_H_
#define TIDEGATE_API_PROMETHEUS_QUERY_ENDPOINTS_H_

#include "api/prometheus/api_endpoint.h"
#include "model/clock.h"
#include "query/query_service.h"

namespace tidegate::api {

// A range query answers at most this many steps (Prometheus' rule; its text says 11,000 points).
inline constexpr int64_t kMaxPointsPerSeries = 11'000;

// Services and clock must outlive the endpoints.
ApiEndpoint InstantQueryEndpoint(query::QueryService* queries, const model::Clock* clock);
ApiEndpoint RangeQueryEndpoint(query::QueryService* queries);
ApiEndpoint ExemplarsEndpoint(query::QueryService* queries);
ApiEndpoint FormatQueryEndpoint(query::QueryService* queries);
ApiEndpoint ParseQueryEndpoint(query::QueryService* queries);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_PROMETHEUS_QUERY_ENDPOINTS_H_
