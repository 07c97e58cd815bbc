// /metrics, /metrics/SCOPE, /metrics/SCOPE/NAME: the process' own metrics as MicroProfile Metrics
// 1.1 has them.
#ifndef TIDEGATE_API_MICROPROFILE_ROUTES_H_
#define TIDEGATE_API_MICROPROFILE_ROUTES_H_

#include <memory>

#include "absl/status/statusor.h"
#include "api/auth/tenant_resolver.h"
#include "api/http/router.h"
#include "api/microprofile/metric.h"
#include "model/metrics/metrics_registry.h"

namespace tidegate::api {

// "tier=integration,app=shop"; InvalidArgument names what is no tag. Empty = none.
absl::StatusOr<Tags> ParseTags(std::string_view text);

// GET answers in text or JSON, OPTIONS with metadata in JSON; 404 for an unknown scope or name, 204
// for a scope without metrics, 406 when the client takes neither format. Needs the permission
// admin. The resolver must outlive the router.
void AddMicroProfileRoutes(const TenantResolver* resolver,
                           std::shared_ptr<model::MetricsRegistry> registry, Tags global_tags,
                           Router* router);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_MICROPROFILE_ROUTES_H_
