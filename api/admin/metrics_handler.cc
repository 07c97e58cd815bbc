#include "api/admin/metrics_handler.h"

#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <utility>

namespace tidegate::api {

void AddMetricsRoute(std::shared_ptr<prometheus::Registry> registry, Router* router) {
  Route route;
  route.pattern = "/-/metrics";
  route.handler = [registry = std::move(registry)](const HttpRequest&, ResponseWriter& response) {
    HttpResponse metrics;
    metrics.content_type = "text/plain; version=0.0.4; charset=utf-8";
    metrics.body = prometheus::TextSerializer().Serialize(registry->Collect());
    response.Send(std::move(metrics));
  };
  router->Add(std::move(route));
}

}  // namespace tidegate::api
