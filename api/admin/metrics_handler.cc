#include "api/admin/metrics_handler.h"

#include <prometheus/text_serializer.h>

#include <utility>

#include "model/metrics/metrics_registry.h"

namespace tidegate::api {

void AddMetricsRoute(const TenantResolver* resolver,
                     std::shared_ptr<model::MetricsRegistry> registry, Router* router) {
  Route route;
  route.pattern = "/-/metrics";
  route.handler = [resolver, registry = std::move(registry)](const HttpRequest& request,
                                                             ResponseWriter& response) {
    const auto tenant = resolver->Resolve(request, model::Permission::kAdmin);
    if (!tenant.ok()) return response.Send(TenantRefusal(tenant.status()));
    HttpResponse metrics;
    metrics.content_type = "text/plain; version=0.0.4; charset=utf-8";
    metrics.body = prometheus::TextSerializer().Serialize(registry->Collect());
    response.Send(std::move(metrics));
  };
  router->Add(std::move(route));
}

}  // namespace tidegate::api
