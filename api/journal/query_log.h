// The query log: a line of JSON for each query.
#ifndef TIDEGATE_API_JOURNAL_QUERY_LOG_H_
#define TIDEGATE_API_JOURNAL_QUERY_LOG_H_

#include <string>

#include "api/journal/query_record.h"

namespace tidegate::api {

// The line of a query, with its end of line: Prometheus' fields (params, stats, httpRequest,
// error), `tenant` and `request_id`.
std::string QueryLogLine(const QueryRecord& record, const QueryOutcome& outcome);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_JOURNAL_QUERY_LOG_H_
