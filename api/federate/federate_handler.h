// GET /federate: the newest sample of each selected series, for another Prometheus to scrape.
#ifndef TIDEGATE_API_FEDERATE_FEDERATE_HANDLER_H_
#define TIDEGATE_API_FEDERATE_FEDERATE_HANDLER_H_

#include "api/auth/tenant_resolver.h"
#include "api/http/router.h"
#include "model/clock.h"
#include "query/query_service.h"

namespace tidegate::api {

// Adds /federate and /prometheus/federate. Everything must outlive the router.
//
// As prometheus/web/federate.go: families by name, series of the last five minutes that are not
// stale, with their timestamps and an empty `instance` where there is none. The format is text or,
// where Accept prefers it, delimited protobuf. Values are untyped; native histograms are in the
// protobuf only, those with custom buckets in neither: no format has a place for them. A name that
// is not [a-zA-Z_:][a-zA-Z0-9_:]* is kept when Accept says escaping=allow-utf-8, otherwise its
// other characters become underscores.
void AddFederateRoutes(const TenantResolver* resolver, storage::SeriesSource* source,
                       const model::Clock* clock, Router* router);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_FEDERATE_FEDERATE_HANDLER_H_
