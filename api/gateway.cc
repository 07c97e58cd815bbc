#include "api/gateway.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "api/admin/health_handlers.h"
#include "api/admin/home_page.h"
#include "api/admin/metrics_handler.h"
#include "api/audit/audit_log.h"
#include "api/auth/tenant_resolver.h"
#include "api/export/export_handler.h"
#include "api/federate/federate_handler.h"
#include "api/http/router.h"
#include "api/http/server.h"
#include "api/limits/limits_page.h"
#include "api/loki/routes.h"
#include "api/microprofile/routes.h"
#include "api/monitors/routes.h"
#include "api/prometheus/routes.h"
#include "api/push/log_push_handler.h"
#include "api/push/metric_push_handler.h"
#include "api/push/push_gateway_handler.h"
#include "api/push/push_handler.h"
#include "api/remote_read/read_handler.h"
#include "api/rules/ruler_config.h"
#include "api/tenants/tenant_endpoints.h"
#include "api/web/page_routes.h"
#include "api/web/session_endpoint.h"
#include "api/workspaces/routes.h"
#include "model/metrics/metrics_registry.h"

namespace tidegate::api {
namespace {

constexpr HttpMethod kPushMethods[] = {HttpMethod::kPost};
constexpr HttpMethod kQueryMethods[] = {HttpMethod::kGet, HttpMethod::kPost};

// Answers for a service that this target does not run, so that a wrong address is found quickly.
template <size_t kMethods>
void AddElsewhere(std::string_view pattern, const HttpMethod (&methods)[kMethods],
                  std::string_view serving_target, const std::string& target, Router* router) {
  for (HttpMethod method : methods) {
    Route route;
    route.method = method;
    route.pattern = std::string(pattern);
    route.handler =
        [text = fmt::format(
             "not served by --target={}: ask a process with --target=all, gateway or {}", target,
             serving_target)](const HttpRequest&, ResponseWriter& response) {
          response.Send(TextResponse(404, text));
        };
    router->Add(std::move(route));
  }
}

void AddPush(const GatewayOptions& options, const GatewayDependencies& dependencies,
             const TenantResolver* resolver, Router* router) {
  if (dependencies.ingester != nullptr) {
    AddPushRoutes(resolver, dependencies.ingester, router);
    AddLogPushRoutes(resolver, dependencies.ingester, router);
    AddMetricPushRoutes(resolver, dependencies.ingester, router);
    AddFlushRoute(resolver, dependencies.ingester, dependencies.audit, router);
    return;
  }
  for (std::string_view pattern :
       {"/api/v1/push", "/api/v1/write", "/-/flush", "/loki/api/v1/push", "/api/prom/push",
        "/otlp/v1/logs", "/otlp/v1/metrics", "/api/v1/otlp/v1/metrics", "/api/v1/import/prometheus",
        "/api/v1/import"}) {
    AddElsewhere(pattern, kPushMethods, "ingester", options.target, router);
  }
}

TenantUseSources UseSources(const GatewayDependencies& dependencies) {
  TenantUseSources sources;
  sources.ingester = dependencies.ingester;
  sources.journal = dependencies.journal;
  sources.workspaces = dependencies.workspaces;
  sources.hosts = dependencies.hosts;
  sources.rules = dependencies.rule_store;
  sources.metadata = dependencies.metadata;
  sources.monitoring = dependencies.monitoring;
  sources.push_groups = dependencies.push_groups;
  sources.metrics = dependencies.metrics.get();
  return sources;
}

void AddQueries(const GatewayOptions& options, const GatewayDependencies& dependencies,
                const TenantResolver* resolver, Router* router) {
  if (dependencies.queries == nullptr) {
    for (std::string_view prefix : {"/prometheus/api/v1/", "/api/v1/"}) {
      for (std::string_view rest : {":endpoint", "status/:what", "label/:name/values"}) {
        AddElsewhere(fmt::format("{}{}", prefix, rest), kQueryMethods, "querier", options.target,
                     router);
      }
    }
    return;
  }
  PrometheusApi api;
  api.resolver = resolver;
  api.queries = dependencies.queries;
  api.series = dependencies.series;
  api.ingester = dependencies.ingester;
  api.metadata = dependencies.metadata;
  api.admin = dependencies.admin;
  api.audit = dependencies.audit;
  api.journal = dependencies.journal;
  api.targets = dependencies.targets;
  api.ruler = dependencies.ruler;
  api.clock = dependencies.clock;
  api.version = options.build.prometheus_version;
  api.revision = options.build.revision;
  api.build_date = options.build.build_date;
  api.runtime = {options.runtime.start_time, options.runtime.working_directory,
                 options.runtime.storage_retention};
  api.flags = options.flags;
  api.config_yaml = dependencies.config_yaml;
  api.use = UseSources(dependencies);
  AddPrometheusRoutes(api, router);
  if (dependencies.series == nullptr) return;
  AddExportRoutes(resolver, dependencies.series, router);
  AddRemoteReadRoutes(resolver, dependencies.series, router);
  AddFederateRoutes(resolver, dependencies.series, dependencies.clock, router);
}

void AddLogQueries(const GatewayOptions& options, const GatewayDependencies& dependencies,
                   const TenantResolver* resolver, Router* router) {
  if (dependencies.log_queries == nullptr) {
    for (std::string_view pattern : {"/loki/api/v1/:endpoint", "/loki/api/v1/:group/:endpoint",
                                     "/loki/api/v1/:group/:name/values"}) {
      AddElsewhere(pattern, kQueryMethods, "querier", options.target, router);
    }
    return;
  }
  LokiApi api;
  api.resolver = resolver;
  api.logs = dependencies.log_queries;
  api.clock = dependencies.clock;
  api.journal = dependencies.journal;
  api.build = {options.build.loki_version, options.build.revision, options.build.build_date};
  api.admin = dependencies.log_admin;
  api.audit = dependencies.audit;
  AddLokiRoutes(api, router);
}

// The page, or where there is none a text that says what runs here.
void AddFrontPage(const GatewayOptions& options, const GatewayDependencies& dependencies,
                  Router* router) {
  const PageFiles files(EmbeddedFiles());
  if (dependencies.sessions != nullptr && !files.empty()) return AddPageRoutes(files, router);
  HomePageFacts facts;
  facts.version = options.build.version;
  facts.target = options.target;
  facts.serves_push = dependencies.ingester != nullptr;
  facts.serves_queries = dependencies.queries != nullptr;
  facts.page_left_out = dependencies.sessions != nullptr;
  AddHomePageRoute(facts, router);
}

HttpServerOptions ServerOptions(const GatewayOptions& options) {
  HttpServerOptions server;
  server.address = options.address;
  server.tls = {options.tls, options.tls_require_client_cert};
  server.io_threads = options.io_threads;
  server.worker_threads = options.worker_threads;
  server.push_worker_threads = options.push_worker_threads;
  server.max_connections = options.max_connections;
  server.max_queued_requests = options.max_queued_requests;
  server.max_header_bytes = options.max_header_bytes;
  server.max_buffered_bodies = options.max_buffered_bodies;
  server.idle_timeout = options.idle_timeout;
  server.read_timeout = options.read_timeout;
  server.write_timeout = options.write_timeout;
  server.slow_request_threshold = options.slow_request_threshold;
  return server;
}

class HttpGateway : public Gateway {
 public:
  HttpGateway(const GatewayOptions& options, const GatewayDependencies& dependencies)
      : resolver_(dependencies.tenants, options.trust_org_id, dependencies.metrics.get(),
                  dependencies.sessions),
        metrics_(dependencies.metrics) {}

  absl::Status Start(const GatewayOptions& options, const GatewayDependencies& dependencies) {
    auto tags = ParseTags(options.metrics_tags);
    if (!tags.ok()) return tags.status();
    auto router = std::make_unique<Router>();
    for (std::string_view prefix : {"/api/v1", "/prometheus/api/v1", "/loki/api/v1",
                                    "/config/tenant/v1", "/prometheus/config/v1", "/config/v1"}) {
      router->AllowCrossOrigin(prefix);
    }
    AddPush(options, dependencies, &resolver_, router.get());
    AddQueries(options, dependencies, &resolver_, router.get());
    AddLogQueries(options, dependencies, &resolver_, router.get());
    if (dependencies.workspaces != nullptr) {
      AddWorkspaceRoutes(&resolver_,
                         {dependencies.workspaces, dependencies.hosts, dependencies.targets},
                         dependencies.audit, router.get());
    }
    if (dependencies.monitoring != nullptr) {
      AddMonitorRoutes(&resolver_, dependencies.monitoring, dependencies.audit, router.get());
    }
    if (dependencies.push_groups != nullptr) {
      AddPushGatewayRoutes(&resolver_, dependencies.push_groups, router.get());
    }
    if (dependencies.rule_store != nullptr) {
      AddRulerConfigRoutes(&resolver_, dependencies.rule_store, dependencies.audit, router.get());
    }
    if (dependencies.tenant_administration != nullptr) {
      AddTenantRoutes(&resolver_, dependencies.tenant_administration, dependencies.audit,
                      router.get());
    }
    AddLimitsPageRoute(&resolver_, dependencies.tenants, dependencies.tenant_administration,
                       UseSources(dependencies), router.get());
    AddHealthRoutes(dependencies.ready, router.get());
    if (dependencies.reload)
      AddReloadRoutes(&resolver_, dependencies.reload, dependencies.audit, router.get());
    AddMetricsRoute(&resolver_, metrics_, router.get());
    AddMicroProfileRoutes(&resolver_, metrics_, *std::move(tags), router.get());
    if (dependencies.sessions != nullptr) AddSessions(options, dependencies, router.get());
    AddFrontPage(options, dependencies, router.get());
    auto server = HttpServer::Start(ServerOptions(options), std::move(router), metrics_.get());
    if (!server.ok()) return server.status();
    server_ = *std::move(server);
    return absl::OkStatus();
  }

  std::string address() const override { return server_->address(); }
  absl::Status ReloadTls() override { return server_->ReloadTls(); }
  void Shutdown(absl::Time deadline) override { server_->Shutdown(deadline); }

 private:
  void AddSessions(const GatewayOptions& options, const GatewayDependencies& dependencies,
                   Router* router) {
    SessionApi api;
    api.resolver = &resolver_;
    api.tenants = dependencies.tenants;
    api.sessions = dependencies.sessions;
    api.lifetime = options.session_lifetime;
    api.trust_org_id = options.trust_org_id;
    api.over_tls = options.tls.enabled();
    api.audit = dependencies.audit;
    AddSessionRoutes(api, router);
  }

  const TenantResolver resolver_;
  const std::shared_ptr<model::MetricsRegistry> metrics_;
  std::unique_ptr<HttpServer> server_;  // Last: its handlers use the others.
};

}  // namespace

absl::StatusOr<std::unique_ptr<Gateway>> StartGateway(const GatewayOptions& options,
                                                      const GatewayDependencies& dependencies) {
  if (dependencies.tenants == nullptr || dependencies.clock == nullptr ||
      dependencies.metrics == nullptr || !dependencies.ready) {
    return absl::InvalidArgumentError("a gateway needs tenants, a clock, metrics and readiness");
  }
  auto gateway = std::make_unique<HttpGateway>(options, dependencies);
  if (const absl::Status started = gateway->Start(options, dependencies); !started.ok()) {
    return started;
  }
  return gateway;
}

}  // namespace tidegate::api
