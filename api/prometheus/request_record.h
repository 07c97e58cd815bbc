// What the journal remembers of a request.
#ifndef TIDEGATE_API_PROMETHEUS_REQUEST_RECORD_H_
#define TIDEGATE_API_PROMETHEUS_REQUEST_RECORD_H_

#include "api/journal/query_record.h"
#include "api/prometheus/api_endpoint.h"

namespace tidegate::api {

// Tenant, client, method and path; the query itself is the caller's to add.
QueryRecord RecordOf(const ApiRequest& request);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_PROMETHEUS_REQUEST_RECORD_H_
