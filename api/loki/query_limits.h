// A tenant's limits on the range and the size of log queries.
#ifndef TIDEGATE_API_LOKI_QUERY_LIMITS_H_
#define TIDEGATE_API_LOKI_QUERY_LIMITS_H_

#include <string_view>

#include "absl/status/status.h"
#include "model/log_entry.h"
#include "model/log_limits.h"
#include "query/log_query_service.h"

namespace tidegate::api {

// Whether a query asks for lines: it begins with a selector, which no metric query does.
bool IsLogQuery(std::string_view query);

// Moves the start up to max_query_lookback before now. A range that lies wholly before it becomes
// empty. InvalidArgument, with Loki's text, for a range longer than max_query_length.
absl::Status LimitRange(const model::LogLimits& limits, model::TimestampNs now,
                        storage::LogRange* range);

// The same for a query.
absl::Status LimitRange(const model::LogLimits& limits, model::TimestampNs now,
                        query::LogRangeRequest* request);

// max_entries_limit_per_query, for queries that ask for lines: InvalidArgument with Loki's text.
absl::Status CheckEntries(const model::LogLimits& limits, const query::LogRangeRequest& request);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_LOKI_QUERY_LIMITS_H_
