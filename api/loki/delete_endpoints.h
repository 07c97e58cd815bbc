// Loki's endpoints for deleting log entries: ask, list, cancel.
#ifndef TIDEGATE_API_LOKI_DELETE_ENDPOINTS_H_
#define TIDEGATE_API_LOKI_DELETE_ENDPOINTS_H_

#include "api/log_admin.h"
#include "api/prometheus/api_endpoint.h"
#include "model/clock.h"

namespace tidegate::api {

// `query`, `start`, `end` (now by default), `max_interval`: checked as Loki checks them, and in its
// order. `max_interval`, into how large pieces Loki cuts the work, has no other effect here. 204
// with the id in X-Delete-Request-ID. The clock must outlive the endpoints.
ApiEndpoint DeleteLogsEndpoint(const LogAdmin& admin, const model::Clock* clock);
ApiEndpoint LogDeletionsEndpoint(const LogAdmin& admin, const model::Clock* clock);
// `request_id`. There is nothing that `force` could change: a deletion is never carried out in part
// while it can be cancelled.
ApiEndpoint CancelLogDeletionEndpoint(const LogAdmin& admin);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_LOKI_DELETE_ENDPOINTS_H_
