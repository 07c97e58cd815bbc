// query, query_range, query_exemplars, format_query, parse_query.
#ifndef TIDEGATE_API_PROMETHEUS_QUERY_ENDPOINTS_H_
#define TIDEGATE_API_PROMETHEUS_QUERY_ENDPOINTS_H_

#include "api/journal/query_journal.h"
#include "api/prometheus/api_endpoint.h"
#include "model/clock.h"
#include "query/query_service.h"

namespace tidegate::api {

// A range query answers at most this many steps (Prometheus' rule; its text says 11,000 points).
inline constexpr int64_t kMaxPointsPerSeries = 11'000;

// Services, clock and journal must outlive the endpoints; without a journal nothing is remembered.
ApiEndpoint InstantQueryEndpoint(query::QueryService* queries, const model::Clock* clock,
                                 QueryJournal* journal = nullptr);
ApiEndpoint RangeQueryEndpoint(query::QueryService* queries, QueryJournal* journal = nullptr);
ApiEndpoint ExemplarsEndpoint(query::QueryService* queries);
ApiEndpoint FormatQueryEndpoint(query::QueryService* queries);
ApiEndpoint ParseQueryEndpoint(query::QueryService* queries);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_PROMETHEUS_QUERY_ENDPOINTS_H_
