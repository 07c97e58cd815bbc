// The calls of the monitors' API, each as a function from a request to an answer.
#ifndef TIDEGATE_API_MONITORS_MONITOR_ENDPOINTS_H_
#define TIDEGATE_API_MONITORS_MONITOR_ENDPOINTS_H_

#include "api/http/http_request.h"
#include "api/http/http_response.h"
#include "control/monitoring.h"
#include "model/request_context.h"

namespace tidegate::api {

struct MonitorRequest {
  const HttpRequest& http;
  model::RequestContext context;
};

using MonitorCall = HttpResponse (*)(control::Monitoring&, const MonitorRequest&);

HttpResponse GetOrg(control::Monitoring& monitoring, const MonitorRequest& request);

HttpResponse ListHosts(control::Monitoring& monitoring, const MonitorRequest& request);
HttpResponse CreateHost(control::Monitoring& monitoring, const MonitorRequest& request);
HttpResponse GetHost(control::Monitoring& monitoring, const MonitorRequest& request);
HttpResponse UpdateHost(control::Monitoring& monitoring, const MonitorRequest& request);
HttpResponse SetHostStatus(control::Monitoring& monitoring, const MonitorRequest& request);
HttpResponse SetHostRoles(control::Monitoring& monitoring, const MonitorRequest& request);
HttpResponse RetireHost(control::Monitoring& monitoring, const MonitorRequest& request);

HttpResponse GetHostByCustomIdentifier(control::Monitoring& monitoring,
                                       const MonitorRequest& request);
HttpResponse SetHostStatuses(control::Monitoring& monitoring, const MonitorRequest& request);
HttpResponse RetireHosts(control::Monitoring& monitoring, const MonitorRequest& request);
HttpResponse ListMonitoredStatuses(control::Monitoring& monitoring, const MonitorRequest& request);

// Of a host, a service or a role, as the path says.
HttpResponse ListMetadata(control::Monitoring& monitoring, const MonitorRequest& request);
HttpResponse GetMetadata(control::Monitoring& monitoring, const MonitorRequest& request);
HttpResponse PutMetadata(control::Monitoring& monitoring, const MonitorRequest& request);
HttpResponse DeleteMetadata(control::Monitoring& monitoring, const MonitorRequest& request);

HttpResponse ListChecks(control::Monitoring& monitoring, const MonitorRequest& request);
HttpResponse ReportChecks(control::Monitoring& monitoring, const MonitorRequest& request);

HttpResponse PostHostMetrics(control::Monitoring& monitoring, const MonitorRequest& request);
HttpResponse GetHostMetrics(control::Monitoring& monitoring, const MonitorRequest& request);
HttpResponse ListHostMetricNames(control::Monitoring& monitoring, const MonitorRequest& request);
HttpResponse GetLatestMetrics(control::Monitoring& monitoring, const MonitorRequest& request);
HttpResponse PostServiceMetrics(control::Monitoring& monitoring, const MonitorRequest& request);
HttpResponse GetServiceMetrics(control::Monitoring& monitoring, const MonitorRequest& request);
HttpResponse ListServiceMetricNames(control::Monitoring& monitoring, const MonitorRequest& request);

HttpResponse ListServices(control::Monitoring& monitoring, const MonitorRequest& request);
HttpResponse CreateService(control::Monitoring& monitoring, const MonitorRequest& request);
HttpResponse DeleteService(control::Monitoring& monitoring, const MonitorRequest& request);
HttpResponse ListRoles(control::Monitoring& monitoring, const MonitorRequest& request);
HttpResponse CreateRole(control::Monitoring& monitoring, const MonitorRequest& request);
HttpResponse DeleteRole(control::Monitoring& monitoring, const MonitorRequest& request);

HttpResponse ListAlerts(control::Monitoring& monitoring, const MonitorRequest& request);
HttpResponse GetAlert(control::Monitoring& monitoring, const MonitorRequest& request);
HttpResponse ListAlertLogs(control::Monitoring& monitoring, const MonitorRequest& request);
HttpResponse UpdateAlert(control::Monitoring& monitoring, const MonitorRequest& request);
HttpResponse CloseAlert(control::Monitoring& monitoring, const MonitorRequest& request);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_MONITORS_MONITOR_ENDPOINTS_H_
