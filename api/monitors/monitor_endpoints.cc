#include "api/monitors/monitor_endpoints.h"

#include <fmt/format.h>

#include <charconv>
#include <string>

#include "api/monitors/monitor_answer.h"

namespace tidegate::api {
namespace {

constexpr int64_t kMostOfPage = 100;

std::string PathOf(const MonitorRequest& request, std::string_view name) {
  return std::string(request.http.path.Get(name));
}

std::string QueryOf(const MonitorRequest& request, std::string_view name) {
  return std::string(request.http.query.Get(name));
}

// InvalidArgument unless the parameter is a whole number.
absl::StatusOr<int64_t> NumberOf(const MonitorRequest& request, std::string_view name) {
  const std::string text = QueryOf(request, name);
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
    return absl::InvalidArgumentError(fmt::format("{} is not a whole number", name));
  }
  return number;
}

struct ValuesAsked {
  std::string metric;
  int64_t from = 0;
  int64_t to = 0;
};

absl::StatusOr<ValuesAsked> ReadValuesAsked(const MonitorRequest& request) {
  ValuesAsked asked;
  asked.metric = QueryOf(request, "name");
  if (asked.metric.empty()) return absl::InvalidArgumentError("name is missing");
  const auto from = NumberOf(request, "from");
  if (!from.ok()) return from.status();
  const auto to = NumberOf(request, "to");
  if (!to.ok()) return to.status();
  asked.from = *from;
  asked.to = *to;
  return asked;
}

// How many a page may have; InvalidArgument unless it is 1 to kMostOfPage.
absl::StatusOr<size_t> LimitOf(const MonitorRequest& request) {
  if (!request.http.query.Has("limit")) return kMostOfPage;
  const auto asked = NumberOf(request, "limit");
  if (!asked.ok()) return asked.status();
  if (*asked < 1 || *asked > kMostOfPage) {
    return absl::InvalidArgumentError(fmt::format("limit is not from 1 to {}", kMostOfPage));
  }
  return static_cast<size_t>(*asked);
}

// {"NAME":LIST}, and where the next page begins.
HttpResponse PageAnswer(std::string_view name, const std::string& list,
                        const std::string& next_id) {
  if (next_id.empty()) return MonitorAnswer(name, list);
  return MonitorAnswer(fmt::format("{{\"{}\":{},\"nextId\":\"{}\"}}", name, list, next_id));
}

control::MetadataOwner OwnerOf(const MonitorRequest& request) {
  return {PathOf(request, "hostId"), PathOf(request, "serviceName"), PathOf(request, "roleName")};
}

HttpResponse IdAnswer(const absl::Status& status, const std::string& id) {
  if (!status.ok()) return MonitorError(status);
  return MonitorAnswer("id", fmt::format("\"{}\"", id));
}

}  // namespace

HttpResponse GetOrg(control::Monitoring&, const MonitorRequest& request) {
  // Names of tenants have no character that JSON escapes.
  return MonitorAnswer(fmt::format("{{\"name\":\"{}\"}}", request.context.tenant));
}

HttpResponse ListHosts(control::Monitoring& monitoring, const MonitorRequest& request) {
  const Parameters& query = request.http.query;
  const control::HostFilter filter{QueryOf(request, "service"), query.All("role"),
                                   QueryOf(request, "name"), query.All("status"),
                                   QueryOf(request, "customIdentifier")};
  return MonitorAnswer("hosts", monitoring.hosts().List(request.context.tenant, filter));
}

HttpResponse CreateHost(control::Monitoring& monitoring, const MonitorRequest& request) {
  return MonitorAnswer("id", monitoring.hosts().Create(request.context.tenant, request.http.body));
}

HttpResponse GetHost(control::Monitoring& monitoring, const MonitorRequest& request) {
  return MonitorAnswer("host",
                       monitoring.hosts().Get(request.context.tenant, PathOf(request, "hostId")));
}

HttpResponse UpdateHost(control::Monitoring& monitoring, const MonitorRequest& request) {
  const std::string id = PathOf(request, "hostId");
  return IdAnswer(monitoring.hosts().Update(request.context.tenant, id, request.http.body), id);
}

HttpResponse SetHostStatus(control::Monitoring& monitoring, const MonitorRequest& request) {
  return MonitorSuccess(monitoring.hosts().SetStatus(request.context.tenant,
                                                     PathOf(request, "hostId"), request.http.body));
}

HttpResponse SetHostRoles(control::Monitoring& monitoring, const MonitorRequest& request) {
  return MonitorSuccess(monitoring.hosts().SetRoles(request.context.tenant,
                                                    PathOf(request, "hostId"), request.http.body));
}

HttpResponse RetireHost(control::Monitoring& monitoring, const MonitorRequest& request) {
  return MonitorSuccess(monitoring.hosts().Retire(request.context.tenant, PathOf(request, "hostId"),
                                                  request.http.body));
}

HttpResponse GetHostByCustomIdentifier(control::Monitoring& monitoring,
                                       const MonitorRequest& request) {
  return MonitorAnswer("host", monitoring.hosts().FindByCustomIdentifier(
                                   request.context.tenant, PathOf(request, "identifier"),
                                   QueryOf(request, "caseInsensitive") == "true"));
}

HttpResponse SetHostStatuses(control::Monitoring& monitoring, const MonitorRequest& request) {
  return MonitorSuccess(monitoring.hosts().SetStatuses(request.context.tenant, request.http.body));
}

HttpResponse RetireHosts(control::Monitoring& monitoring, const MonitorRequest& request) {
  return MonitorSuccess(monitoring.hosts().RetireAll(request.context.tenant, request.http.body));
}

HttpResponse ListMonitoredStatuses(control::Monitoring& monitoring, const MonitorRequest& request) {
  return MonitorAnswer("monitoredStatuses", monitoring.checks().StatusesOfHost(
                                                request.context.tenant, PathOf(request, "hostId")));
}

HttpResponse ListMetadata(control::Monitoring& monitoring, const MonitorRequest& request) {
  return MonitorAnswer("metadata",
                       monitoring.metadata().List(request.context.tenant, OwnerOf(request)));
}

HttpResponse GetMetadata(control::Monitoring& monitoring, const MonitorRequest& request) {
  const auto value = monitoring.metadata().Get(request.context.tenant, OwnerOf(request),
                                               PathOf(request, "namespace"));
  if (!value.ok()) return MonitorError(value.status());
  HttpResponse response = MonitorAnswer(value->json);
  response.headers.emplace_back(
      "Last-Modified",
      absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", value->modified, absl::UTCTimeZone()));
  return response;
}

HttpResponse PutMetadata(control::Monitoring& monitoring, const MonitorRequest& request) {
  return MonitorSuccess(monitoring.metadata().Put(request.context.tenant, OwnerOf(request),
                                                  PathOf(request, "namespace"), request.http.body));
}

HttpResponse DeleteMetadata(control::Monitoring& monitoring, const MonitorRequest& request) {
  return MonitorSuccess(monitoring.metadata().Delete(request.context.tenant, OwnerOf(request),
                                                     PathOf(request, "namespace")));
}

HttpResponse ListChecks(control::Monitoring& monitoring, const MonitorRequest& request) {
  const auto limit = LimitOf(request);
  if (!limit.ok()) return MonitorError(limit.status());
  const auto page =
      monitoring.checks().List(request.context.tenant, QueryOf(request, "nextId"), *limit);
  if (!page.ok()) return MonitorError(page.status());
  return PageAnswer("checks", page->checks, page->next_id);
}

HttpResponse ReportChecks(control::Monitoring& monitoring, const MonitorRequest& request) {
  return MonitorSuccess(monitoring.checks().Report(request.context.tenant, request.http.body));
}

HttpResponse PostHostMetrics(control::Monitoring& monitoring, const MonitorRequest& request) {
  return MonitorSuccess(monitoring.metrics().PostHosts(request.context, request.http.body));
}

HttpResponse GetHostMetrics(control::Monitoring& monitoring, const MonitorRequest& request) {
  const auto asked = ReadValuesAsked(request);
  if (!asked.ok()) return MonitorError(asked.status());
  return MonitorAnswer("metrics",
                       monitoring.metrics().OfHost(request.context, PathOf(request, "hostId"),
                                                   asked->metric, asked->from, asked->to));
}

HttpResponse ListHostMetricNames(control::Monitoring& monitoring, const MonitorRequest& request) {
  return MonitorAnswer(
      "names", monitoring.metrics().NamesOfHost(request.context, PathOf(request, "hostId")));
}

HttpResponse GetLatestMetrics(control::Monitoring& monitoring, const MonitorRequest& request) {
  const Parameters& query = request.http.query;
  return MonitorAnswer("tsdbLatest", monitoring.metrics().Latest(
                                         request.context, query.All("hostId"), query.All("name")));
}

HttpResponse PostServiceMetrics(control::Monitoring& monitoring, const MonitorRequest& request) {
  return MonitorSuccess(monitoring.metrics().PostService(
      request.context, PathOf(request, "serviceName"), request.http.body));
}

HttpResponse GetServiceMetrics(control::Monitoring& monitoring, const MonitorRequest& request) {
  const auto asked = ReadValuesAsked(request);
  if (!asked.ok()) return MonitorError(asked.status());
  return MonitorAnswer(
      "metrics", monitoring.metrics().OfService(request.context, PathOf(request, "serviceName"),
                                                asked->metric, asked->from, asked->to));
}

HttpResponse ListServiceMetricNames(control::Monitoring& monitoring,
                                    const MonitorRequest& request) {
  return MonitorAnswer("names", monitoring.metrics().NamesOfService(
                                    request.context, PathOf(request, "serviceName")));
}

HttpResponse ListServices(control::Monitoring& monitoring, const MonitorRequest& request) {
  return MonitorAnswer("services", monitoring.services().List(request.context.tenant));
}

HttpResponse CreateService(control::Monitoring& monitoring, const MonitorRequest& request) {
  return MonitorAnswer(monitoring.services().Create(request.context.tenant, request.http.body));
}

HttpResponse DeleteService(control::Monitoring& monitoring, const MonitorRequest& request) {
  return MonitorAnswer(
      monitoring.services().Delete(request.context.tenant, PathOf(request, "serviceName")));
}

HttpResponse ListRoles(control::Monitoring& monitoring, const MonitorRequest& request) {
  return MonitorAnswer(
      "roles", monitoring.services().Roles(request.context.tenant, PathOf(request, "serviceName")));
}

HttpResponse CreateRole(control::Monitoring& monitoring, const MonitorRequest& request) {
  return MonitorAnswer(monitoring.services().CreateRole(
      request.context.tenant, PathOf(request, "serviceName"), request.http.body));
}

HttpResponse DeleteRole(control::Monitoring& monitoring, const MonitorRequest& request) {
  return MonitorAnswer(monitoring.services().DeleteRole(
      request.context.tenant, PathOf(request, "serviceName"), PathOf(request, "roleName")));
}

HttpResponse ListAlerts(control::Monitoring& monitoring, const MonitorRequest& request) {
  const auto limit = LimitOf(request);
  if (!limit.ok()) return MonitorError(limit.status());
  const auto page =
      monitoring.alerts().List(request.context.tenant, QueryOf(request, "withClosed") == "true",
                               QueryOf(request, "nextId"), *limit);
  if (!page.ok()) return MonitorError(page.status());
  return PageAnswer("alerts", page->alerts, page->next_id);
}

HttpResponse ListAlertLogs(control::Monitoring& monitoring, const MonitorRequest& request) {
  const auto limit = LimitOf(request);
  if (!limit.ok()) return MonitorError(limit.status());
  const auto page = monitoring.alerts().Logs(request.context.tenant, PathOf(request, "alertId"),
                                             QueryOf(request, "nextId"), *limit);
  if (!page.ok()) return MonitorError(page.status());
  return PageAnswer("logs", page->alerts, page->next_id);
}

HttpResponse GetAlert(control::Monitoring& monitoring, const MonitorRequest& request) {
  return MonitorAnswer(monitoring.alerts().Get(request.context.tenant, PathOf(request, "alertId")));
}

HttpResponse UpdateAlert(control::Monitoring& monitoring, const MonitorRequest& request) {
  return MonitorAnswer(monitoring.alerts().SetMemo(request.context.tenant,
                                                   PathOf(request, "alertId"), request.http.body));
}

HttpResponse CloseAlert(control::Monitoring& monitoring, const MonitorRequest& request) {
  return MonitorAnswer(monitoring.alerts().Close(request.context.tenant, PathOf(request, "alertId"),
                                                 request.http.body));
}

}  // namespace tidegate::api
