// Loki's endpoints that evaluate a query: query, query_range, format_query.
#ifndef TIDEGATE_API_LOKI_QUERY_ENDPOINTS_H_
#define TIDEGATE_API_LOKI_QUERY_ENDPOINTS_H_

#include "api/journal/query_journal.h"
#include "api/prometheus/api_endpoint.h"
#include "model/clock.h"
#include "query/log_query_service.h"

namespace tidegate::api {

// What is passed in must outlive the endpoints. The journal may be nullptr.
ApiEndpoint LogInstantQueryEndpoint(query::LogQueryService* logs, const model::Clock* clock,
                                    QueryJournal* journal);
ApiEndpoint LogRangeQueryEndpoint(query::LogQueryService* logs, const model::Clock* clock,
                                  QueryJournal* journal);
// 400 with {"status":"invalid-query","error":...} for a query that does not parse.
ApiEndpoint LogFormatQueryEndpoint(query::LogQueryService* logs);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_LOKI_QUERY_ENDPOINTS_H_
