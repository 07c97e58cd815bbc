// The calls of the workspaces' API, each as a function from a request to an answer.
#ifndef TIDEGATE_API_WORKSPACES_WORKSPACE_ENDPOINTS_H_
#define TIDEGATE_API_WORKSPACES_WORKSPACE_ENDPOINTS_H_

#include <functional>

#include "api/http/http_request.h"
#include "api/http/http_response.h"
#include "api/workspaces/result_code.h"
#include "control/hosts.h"
#include "control/targets.h"
#include "control/workspaces.h"
#include "model/request_context.h"

namespace tidegate::api {

// What the calls stand on. Everything must outlive them.
struct WorkspaceServices {
  control::Workspaces* workspaces = nullptr;
  control::Hosts* hosts = nullptr;
  control::Targets* targets = nullptr;  // Without one, nothing is known about scrapes.
};

// A request whose project is the tenant of its key.
struct WorkspaceRequest {
  const HttpRequest& http;
  model::RequestContext context;
};

using WorkspaceCall = HttpResponse (*)(const WorkspaceServices&, const WorkspaceRequest&);

// Checks come in this order: the job is not there (-40006), it is reserved (-40012), the input is
// wrong (-40002), there is no such host (-40004), the rest. What the store answers otherwise is
// -50000.
HttpResponse ListJobs(const WorkspaceServices& services, const WorkspaceRequest& request);
HttpResponse CreateJob(const WorkspaceServices& services, const WorkspaceRequest& request);
HttpResponse GetJob(const WorkspaceServices& services, const WorkspaceRequest& request);
HttpResponse UpdateJob(const WorkspaceServices& services, const WorkspaceRequest& request);
HttpResponse DeleteJob(const WorkspaceServices& services, const WorkspaceRequest& request);
HttpResponse ListTargets(const WorkspaceServices& services, const WorkspaceRequest& request);
HttpResponse CreateTarget(const WorkspaceServices& services, const WorkspaceRequest& request);
HttpResponse GetTarget(const WorkspaceServices& services, const WorkspaceRequest& request);
HttpResponse DeleteTarget(const WorkspaceServices& services, const WorkspaceRequest& request);
HttpResponse ListServers(const WorkspaceServices& services, const WorkspaceRequest& request);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_WORKSPACES_WORKSPACE_ENDPOINTS_H_
