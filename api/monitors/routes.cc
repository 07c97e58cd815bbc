#include "api/monitors/routes.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/monitors/monitor_answer.h"
#include "api/monitors/monitor_endpoints.h"

namespace tidegate::api {
namespace {

constexpr size_t kMaxValuesBytes = size_t{4} << 20;  // Some 50,000 values.
constexpr size_t kMaxHostBytes = 512 << 10;          // Agents tell a lot about a host.
constexpr size_t kMaxAlertBytes = 128 << 10;         // A memo has up to 80 KB.
constexpr size_t kMaxReportBytes = size_t{1} << 20;  // 100 reports with long messages.
constexpr size_t kMaxMetadataBodyBytes = 128 << 10;  // 100 KB are allowed.

enum class Needs : uint8_t { kRead, kReadAndWrite, kWrite };

struct CallAt {
  HttpMethod method;
  std::string_view path;
  MonitorCall call;
  Needs needs;
  std::string_view change;    // Its name in the audit log; empty for what is not a change.
  size_t max_body_bytes = 0;  // 0: the server's default.
};

constexpr CallAt kCalls[] = {
    {HttpMethod::kGet, "org", GetOrg, Needs::kRead, ""},
    {HttpMethod::kGet, "hosts", ListHosts, Needs::kRead, ""},
    {HttpMethod::kGet, "hosts.json", ListHosts, Needs::kRead, ""},
    {HttpMethod::kPost, "hosts", CreateHost, Needs::kReadAndWrite, "create_host", kMaxHostBytes},
    {HttpMethod::kGet, "hosts/:hostId", GetHost, Needs::kRead, ""},
    {HttpMethod::kPut, "hosts/:hostId", UpdateHost, Needs::kReadAndWrite, "update_host",
     kMaxHostBytes},
    {HttpMethod::kPost, "hosts/:hostId/status", SetHostStatus, Needs::kReadAndWrite,
     "set_host_status"},
    {HttpMethod::kPut, "hosts/:hostId/role-fullnames", SetHostRoles, Needs::kWrite,
     "set_host_roles"},
    {HttpMethod::kPost, "hosts/:hostId/retire", RetireHost, Needs::kReadAndWrite, "retire_host"},
    {HttpMethod::kPost, "hosts/bulk-update-statuses", SetHostStatuses, Needs::kReadAndWrite,
     "set_host_statuses"},
    {HttpMethod::kPost, "hosts/bulk-retire", RetireHosts, Needs::kReadAndWrite, "retire_hosts"},
    {HttpMethod::kGet, "hosts-by-custom-identifier/:identifier", GetHostByCustomIdentifier,
     Needs::kRead, ""},
    {HttpMethod::kGet, "hosts/:hostId/monitored-statuses", ListMonitoredStatuses, Needs::kRead, ""},
    {HttpMethod::kGet, "monitoring/checks", ListChecks, Needs::kRead, ""},
    {HttpMethod::kPost, "monitoring/checks/report", ReportChecks, Needs::kReadAndWrite, "",
     kMaxReportBytes},
    {HttpMethod::kGet, "hosts/:hostId/metrics", GetHostMetrics, Needs::kRead, ""},
    {HttpMethod::kGet, "hosts/:hostId/metric-names", ListHostMetricNames, Needs::kRead, ""},
    {HttpMethod::kPost, "tsdb", PostHostMetrics, Needs::kWrite, "", kMaxValuesBytes},
    {HttpMethod::kGet, "tsdb/latest", GetLatestMetrics, Needs::kRead, ""},
    {HttpMethod::kGet, "services", ListServices, Needs::kRead, ""},
    {HttpMethod::kPost, "services", CreateService, Needs::kReadAndWrite, "create_service"},
    {HttpMethod::kDelete, "services/:serviceName", DeleteService, Needs::kReadAndWrite,
     "delete_service"},
    {HttpMethod::kGet, "services/:serviceName/roles", ListRoles, Needs::kRead, ""},
    {HttpMethod::kPost, "services/:serviceName/roles", CreateRole, Needs::kReadAndWrite,
     "create_role"},
    {HttpMethod::kDelete, "services/:serviceName/roles/:roleName", DeleteRole, Needs::kReadAndWrite,
     "delete_role"},
    {HttpMethod::kGet, "services/:serviceName/metric-names", ListServiceMetricNames, Needs::kRead,
     ""},
    {HttpMethod::kGet, "services/:serviceName/metrics", GetServiceMetrics, Needs::kRead, ""},
    {HttpMethod::kPost, "services/:serviceName/tsdb", PostServiceMetrics, Needs::kWrite, "",
     kMaxValuesBytes},
    {HttpMethod::kGet, "alerts", ListAlerts, Needs::kRead, ""},
    {HttpMethod::kGet, "alerts/:alertId", GetAlert, Needs::kRead, ""},
    {HttpMethod::kGet, "alerts/:alertId/logs", ListAlertLogs, Needs::kRead, ""},
    {HttpMethod::kPut, "alerts/:alertId", UpdateAlert, Needs::kReadAndWrite, "update_alert",
     kMaxAlertBytes},
    {HttpMethod::kPost, "alerts/:alertId/close", CloseAlert, Needs::kReadAndWrite, "close_alert"},
};

// What has metadata, in front of /metadata.
constexpr std::string_view kMetadataOwners[] = {"hosts/:hostId", "services/:serviceName",
                                                "services/:serviceName/roles/:roleName"};

constexpr CallAt kMetadataCalls[] = {
    {HttpMethod::kGet, "/metadata", ListMetadata, Needs::kRead, ""},
    {HttpMethod::kGet, "/metadata/:namespace", GetMetadata, Needs::kRead, ""},
    {HttpMethod::kPut, "/metadata/:namespace", PutMetadata, Needs::kReadAndWrite, "put_metadata",
     kMaxMetadataBodyBytes},
    {HttpMethod::kDelete, "/metadata/:namespace", DeleteMetadata, Needs::kReadAndWrite,
     "delete_metadata"},
};

// Kinds of objects that have the same calls.
struct Collection {
  std::string_view path;
  std::string_view list;    // What stands before a list.
  std::string_view single;  // What stands before one; empty: GET of one does not exist.
  std::string_view noun;    // For the audit log.
  control::Resources& (control::Monitoring::*resources)();
};

constexpr Collection kCollections[] = {
    {"monitors", "monitors", "monitor", "monitor", &control::Monitoring::monitors},
    {"channels", "channels", "", "channel", &control::Monitoring::channels},
    {"notification-groups", "notificationGroups", "", "notification_group",
     &control::Monitoring::notification_groups},
    {"downtimes", "downtimes", "", "downtime", &control::Monitoring::downtimes},
};

using Answerer = std::function<HttpResponse(const MonitorRequest&)>;

class Routes {
 public:
  Routes(const TenantResolver* resolver, AuditLog* audit, Router* router)
      : resolver_(resolver), audit_(audit), router_(router) {}

  void Add(HttpMethod method, std::string_view path, Needs needs, std::string_view change,
           size_t max_body_bytes, Answerer answer) {
    Route route;
    route.method = method;
    route.pattern = "/api/v0/" + std::string(path);
    route.handler = Handler(needs, std::move(answer));
    if (!change.empty()) route.handler = Audited(audit_, change, std::move(route.handler));
    if (max_body_bytes != 0) route.max_body_bytes = max_body_bytes;
    if (max_body_bytes == kMaxValuesBytes) route.work = WorkKind::kPush;
    router_->Add(std::move(route));
  }

 private:
  HttpHandler Handler(Needs needs, Answerer answer) {
    return [resolver = resolver_, needs, answer = std::move(answer)](const HttpRequest& request,
                                                                     ResponseWriter& response) {
      auto tenant = resolver->Resolve(
          request, needs == Needs::kRead ? model::Permission::kRead : model::Permission::kWrite);
      if (tenant.ok() && needs == Needs::kReadAndWrite) {
        tenant = resolver->Resolve(request, model::Permission::kRead);
      }
      if (!tenant.ok()) return response.Send(MonitorError(tenant.status()));
      response.Send(answer({request, ContextFor(request, **tenant)}));
    };
  }

  const TenantResolver* const resolver_;
  AuditLog* const audit_;
  Router* const router_;
};

void AddCollection(const Collection& collection, control::Monitoring* monitoring, Routes* routes) {
  control::Resources* const kept = &(monitoring->*collection.resources)();
  const std::string all(collection.path);
  const std::string one = all + "/:id";
  const std::string noun(collection.noun);
  const auto id = [](const MonitorRequest& request) {
    return std::string(request.http.path.Get("id"));
  };
  routes->Add(HttpMethod::kGet, all, Needs::kRead, "", 0,
              [kept, name = collection.list](const MonitorRequest& request) {
                return MonitorAnswer(name, kept->List(request.context.tenant));
              });
  routes->Add(HttpMethod::kPost, all, Needs::kReadAndWrite, "create_" + noun, 0,
              [kept](const MonitorRequest& request) {
                return MonitorAnswer(kept->Create(request.context.tenant, request.http.body));
              });
  routes->Add(
      HttpMethod::kPut, one, Needs::kReadAndWrite, "update_" + noun, 0,
      [kept, id](const MonitorRequest& request) {
        return MonitorAnswer(kept->Update(request.context.tenant, id(request), request.http.body));
      });
  routes->Add(HttpMethod::kDelete, one, Needs::kReadAndWrite, "delete_" + noun, 0,
              [kept, id](const MonitorRequest& request) {
                return MonitorAnswer(kept->Delete(request.context.tenant, id(request)));
              });
  if (collection.single.empty()) return;
  routes->Add(HttpMethod::kGet, one, Needs::kRead, "", 0,
              [kept, id, name = collection.single](const MonitorRequest& request) {
                return MonitorAnswer(name, kept->Get(request.context.tenant, id(request)));
              });
}

}  // namespace

void AddMonitorRoutes(const TenantResolver* resolver, control::Monitoring* monitoring,
                      AuditLog* audit, Router* router) {
  Routes routes(resolver, audit, router);
  const auto add = [&](const CallAt& at, const std::string& path) {
    routes.Add(at.method, path, at.needs, at.change, at.max_body_bytes,
               [monitoring, call = at.call](const MonitorRequest& request) {
                 return call(*monitoring, request);
               });
  };
  for (const CallAt& at : kCalls) add(at, std::string(at.path));
  for (const std::string_view owner : kMetadataOwners) {
    for (const CallAt& at : kMetadataCalls) add(at, std::string(owner) + std::string(at.path));
  }
  for (const Collection& collection : kCollections) {
    AddCollection(collection, monitoring, &routes);
  }
}

}  // namespace tidegate::api
