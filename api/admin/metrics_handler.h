// /-/metrics: the process's own metrics in Prometheus' text format.
#ifndef TIDEGATE_API_ADMIN_METRICS_HANDLER_H_
#define TIDEGATE_API_ADMIN_METRICS_HANDLER_H_

#include <memory>

#include "api/auth/tenant_resolver.h"
#include "api/http/router.h"

namespace prometheus {
class Registry;
}

namespace tidegate::api {

// For who has the permission admin. The resolver must outlive the router.
void AddMetricsRoute(const TenantResolver* resolver, std::shared_ptr<prometheus::Registry> registry,
                     Router* router);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_ADMIN_METRICS_HANDLER_H_
