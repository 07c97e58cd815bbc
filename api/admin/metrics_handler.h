// /-/metrics: the process's own metrics in Prometheus' text format.
#ifndef TIDEGATE_API_ADMIN_METRICS_HANDLER_H_
#define TIDEGATE_API_ADMIN_METRICS_HANDLER_H_

#include <memory>

#include "api/auth/tenant_resolver.h"
#include "api/http/router.h"

namespace tidegate::model {
class MetricsRegistry;
}

namespace tidegate::api {

// For who has the permission admin. The resolver must outlive the router.
void AddMetricsRoute(const TenantResolver* resolver,
                     std::shared_ptr<model::MetricsRegistry> registry, Router* router);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_ADMIN_METRICS_HANDLER_H_
