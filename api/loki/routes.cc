#include "api/loki/routes.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/loki/delete_endpoints.h"
#include "api/loki/detected_endpoints.h"
#include "api/loki/index_endpoints.h"
#include "api/loki/loki_error.h"
#include "api/loki/query_endpoints.h"
#include "api/loki/tail_endpoint.h"

namespace tidegate::api {
namespace {

// Go's limit for forms, which Loki inherits.
constexpr size_t kMaxFormBytes = 10 << 20;

struct Endpoint {
  std::string_view path;
  ApiEndpoint answer;
  TenantChoice choice = TenantChoice::kSeveral;
};

std::vector<Endpoint> Endpoints(const LokiApi& api) {
  query::LogQueryService* const logs = api.logs;
  const model::Clock* const clock = api.clock;
  return {
      {"/loki/api/v1/query", LogInstantQueryEndpoint(logs, clock, api.journal)},
      {"/loki/api/v1/query_range", LogRangeQueryEndpoint(logs, clock, api.journal)},
      {"/loki/api/v1/format_query", LogFormatQueryEndpoint(logs)},
      {"/loki/api/v1/labels", LogLabelNamesEndpoint(logs, clock)},
      {"/loki/api/v1/label", LogLabelNamesEndpoint(logs, clock)},
      {"/loki/api/v1/label/:name/values", LogLabelValuesEndpoint(logs, clock)},
      {"/loki/api/v1/series", LogSeriesEndpoint(logs, clock)},
      {"/loki/api/v1/index/stats", IndexStatsEndpoint(logs, clock)},
      {"/loki/api/v1/index/volume", VolumeEndpoint(logs, clock)},
      {"/loki/api/v1/index/volume_range", VolumeRangeEndpoint(logs, clock)},
      {"/loki/api/v1/detected_labels", DetectedLabelsEndpoint(logs, clock)},
      {"/loki/api/v1/detected_fields", DetectedFieldsEndpoint(logs, clock)},
      {"/loki/api/v1/detected_field/:name/values", DetectedFieldValuesEndpoint(logs, clock)},
      {"/loki/api/v1/patterns", PatternsEndpoint(logs, clock)},
      {"/loki/api/v1/drilldown-limits", DrilldownLimitsEndpoint(api.build), TenantChoice::kOne},
      {"/loki/api/v1/status/buildinfo", LokiBuildInfoEndpoint(api.build)},
      {"/config/tenant/v1/limits", TenantLimitsEndpoint(), TenantChoice::kOne},
  };
}

void AddDeleteRoutes(const LokiApi& api, Router* router) {
  if (!api.admin.delete_logs) return;
  const ApiEndpoint ask = DeleteLogsEndpoint(api.admin, api.clock);
  struct Call {
    HttpMethod method;
    std::string_view change;  // Its name in the audit log; empty for what only reads.
    ApiEndpoint endpoint;
  };
  const Call calls[] = {
      {HttpMethod::kPost, "delete_logs", ask},
      {HttpMethod::kPut, "delete_logs", ask},
      {HttpMethod::kGet, "", LogDeletionsEndpoint(api.admin, api.clock)},
      {HttpMethod::kDelete, "cancel_log_deletion", CancelLogDeletionEndpoint(api.admin)}};
  for (const auto& [method, change, endpoint] : calls) {
    Route route;
    route.method = method;
    route.pattern = "/loki/api/v1/delete";
    route.handler =
        ApiHandler(api.resolver, model::Permission::kAdmin, endpoint, LokiErrorResponse);
    if (!change.empty()) route.handler = Audited(api.audit, change, std::move(route.handler));
    route.max_body_bytes = kMaxFormBytes;
    router->Add(std::move(route));
  }
}

}  // namespace

void AddLokiRoutes(const LokiApi& api, Router* router) {
  AddDeleteRoutes(api, router);
  AddTailRoute(api.resolver, api.logs, api.clock, router);
  for (Endpoint& endpoint : Endpoints(api)) {
    const HttpHandler handler =
        ApiHandler(api.resolver, model::Permission::kRead, std::move(endpoint.answer),
                   LokiErrorResponse, endpoint.choice);
    for (const HttpMethod method : {HttpMethod::kGet, HttpMethod::kPost}) {
      Route route;
      route.method = method;
      route.pattern = std::string(endpoint.path);
      route.handler = handler;
      route.max_body_bytes = kMaxFormBytes;
      router->Add(std::move(route));
    }
  }
}

}  // namespace tidegate::api
