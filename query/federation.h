// Queries over several tenants at once.
#ifndef TIDEGATE_QUERY_FEDERATION_H_
#define TIDEGATE_QUERY_FEDERATION_H_

#include <memory>

#include "storage/log_source.h"
#include "storage/series_source.h"

namespace tidegate::query {

// Where the context's tenant is several (model/federation.h) these ask each of them, one after the
// other, and add the label __tenant_id__ with the tenant's name to every series or stream; a label
// of that name that is there already becomes original___tenant_id__. Matchers on __tenant_id__
// choose tenants. Names and behaviour are Mimir's and Loki's. One tenant goes through as it is.
// Thread safe; the source must outlive the result.
std::unique_ptr<storage::SeriesSource> FederateTenants(storage::SeriesSource* source);
std::unique_ptr<storage::LogSource> FederateLogTenants(storage::LogSource* source);

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_FEDERATION_H_
