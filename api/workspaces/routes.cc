#include "api/workspaces/routes.h"

#include <string>
#include <string_view>
#include <utility>

namespace tidegate::api {
namespace {

constexpr std::string_view kPrefix = "/v1.0/projects/:projectId";

struct CallAt {
  HttpMethod method;
  std::string_view path;
  WorkspaceCall call;
  std::string_view change;  // Its name in the audit log; empty for what only reads.
};

constexpr CallAt kCalls[] = {
    {HttpMethod::kGet, "/jobs", ListJobs, ""},
    {HttpMethod::kPost, "/jobs", CreateJob, "create_job"},
    {HttpMethod::kGet, "/jobs/:jobId", GetJob, ""},
    {HttpMethod::kPut, "/jobs/:jobId", UpdateJob, "update_job"},
    {HttpMethod::kDelete, "/jobs/:jobId", DeleteJob, "delete_job"},
    // The guide's example posts a target here.
    {HttpMethod::kPost, "/jobs/:jobId", CreateTarget, "create_target"},
    {HttpMethod::kGet, "/jobs/:jobId/targets", ListTargets, ""},
    {HttpMethod::kPost, "/jobs/:jobId/targets", CreateTarget, "create_target"},
    {HttpMethod::kGet, "/jobs/:jobId/targets/:targetId", GetTarget, ""},
    {HttpMethod::kDelete, "/jobs/:jobId/targets/:targetId", DeleteTarget, "delete_target"},
    {HttpMethod::kGet, "/servers", ListServers, ""},
};

HttpResponse Refusal(const absl::Status& status) {
  if (absl::IsUnavailable(status)) {
    HttpResponse later = EnvelopeResponse(ResultCode::kInternalServerError);
    later.status = 503;
    later.headers.emplace_back("Retry-After", "1");
    return later;
  }
  HttpResponse response = EnvelopeResponse(
      absl::IsUnauthenticated(status) ? ResultCode::kUnauthorized : ResultCode::kForbidden);
  AddChallenge(status, &response);
  return response;
}

HttpHandler Handler(const TenantResolver* resolver, const WorkspaceServices& services,
                    const CallAt& at) {
  const auto needed =
      at.method == HttpMethod::kGet ? model::Permission::kRead : model::Permission::kWrite;
  return [=, call = at.call](const HttpRequest& request, ResponseWriter& response) {
    const auto tenant = resolver->Resolve(request, needed);
    if (!tenant.ok()) return response.Send(Refusal(tenant.status()));
    if (request.path.Get("projectId") != (*tenant)->name) {
      return response.Send(Refusal(absl::PermissionDeniedError("the key of another project")));
    }
    response.Send(call(services, {request, ContextFor(request, **tenant)}));
  };
}

}  // namespace

void AddWorkspaceRoutes(const TenantResolver* resolver, const WorkspaceServices& services,
                        AuditLog* audit, Router* router) {
  for (const CallAt& at : kCalls) {
    Route route;
    route.method = at.method;
    route.pattern = std::string(kPrefix) + std::string(at.path);
    route.handler = Handler(resolver, services, at);
    if (!at.change.empty()) route.handler = Audited(audit, at.change, std::move(route.handler));
    router->Add(std::move(route));
  }
}

}  // namespace tidegate::api
