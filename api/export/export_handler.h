// /api/v1/export: series as JSON lines, for backup and migration.
#ifndef TIDEGATE_API_EXPORT_EXPORT_HANDLER_H_
#define TIDEGATE_API_EXPORT_EXPORT_HANDLER_H_

#include "api/auth/tenant_resolver.h"
#include "api/http/router.h"
#include "query/query_service.h"

namespace tidegate::api {

// Adds GET and POST /api/v1/export, also below /prometheus. Lines come metric by metric, ascending
// by name, and are written while they are read: memory is that of one series. An export that was
// cut off goes on with `resume_from`, the name of the last metric that was seen. Everything must
// outlive the router.
void AddExportRoutes(const TenantResolver* resolver, storage::SeriesSource* source, Router* router);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_EXPORT_EXPORT_HANDLER_H_
