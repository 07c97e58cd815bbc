// Which queries run and which cost most, as VictoriaMetrics tells it.
#ifndef TIDEGATE_API_PROMETHEUS_JOURNAL_ENDPOINTS_H_
#define TIDEGATE_API_PROMETHEUS_JOURNAL_ENDPOINTS_H_

#include "api/journal/query_journal.h"
#include "api/prometheus/api_endpoint.h"

namespace tidegate::api {

// The journal must outlive the endpoints. Both tell about the tenant's own queries only.

// {"status":"ok","data":[{"duration","id","remote_addr","query","start","end","step"},...]}; times
// in milliseconds, the longest-running query first.
ApiEndpoint ActiveQueriesEndpoint(const QueryJournal* journal);

// `topN` (20) queries by count, average and total duration and average memory, of those that ended
// in the last `maxLifetime` (10m).
ApiEndpoint TopQueriesEndpoint(const QueryJournal* journal);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_PROMETHEUS_JOURNAL_ENDPOINTS_H_
