// /loki/api/v1/tail: who may follow what, and how many at a time.
#ifndef TIDEGATE_API_LOKI_TAIL_ENDPOINT_H_
#define TIDEGATE_API_LOKI_TAIL_ENDPOINT_H_

#include <memory>

#include "api/auth/tenant_resolver.h"
#include "api/http/router.h"
#include "model/clock.h"
#include "query/log_query_service.h"

namespace tidegate::api {

// Adds the route. `query`, `start` (an hour ago), `limit` (100), `delay_for` (0, at most 5
// seconds). A tenant may have max_concurrent_tail_requests. What is passed in must outlive the
// router.
void AddTailRoute(const TenantResolver* resolver, query::LogQueryService* logs,
                  const model::Clock* clock, Router* router);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_LOKI_TAIL_ENDPOINT_H_
