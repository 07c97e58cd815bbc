// POST /api/v1/read: Prometheus' remote read, with samples or with streamed chunks.
#ifndef TIDEGATE_API_REMOTE_READ_READ_HANDLER_H_
#define TIDEGATE_API_REMOTE_READ_READ_HANDLER_H_

#include "api/auth/tenant_resolver.h"
#include "api/http/router.h"
#include "query/query_service.h"

namespace tidegate::api {

// Adds /api/v1/read and /prometheus/api/v1/read. Resolver and source must outlive the router.
//
// Series come sorted by labels, as the clients' merging asks for. A query reads as many samples and
// bytes as the tenant's queries may (400 beyond it, Prometheus' code here); errors are plain text.
void AddRemoteReadRoutes(const TenantResolver* resolver, storage::SeriesSource* source,
                         Router* router);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_REMOTE_READ_READ_HANDLER_H_
