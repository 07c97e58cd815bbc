#include "api/admin/health_handlers.h"

#include <string_view>
#include <utility>

namespace tidegate::api {
namespace {

std::string_view Message(const absl::Status& status) {
  return {status.message().data(), status.message().size()};
}

int FlushFailure(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kResourceExhausted:
      return 503;
    case absl::StatusCode::kCancelled:
      return 499;
    default:
      return 500;
  }
}

void Flush(const TenantResolver& resolver, ingest::Ingester& ingester, const HttpRequest& request,
           ResponseWriter& response) {
  const auto tenant = resolver.Resolve(request, model::Permission::kAdmin);
  if (!tenant.ok()) return response.Send(TenantRefusal(tenant.status()));
  const absl::Status flushed = ingester.Flush(ContextFor(request, **tenant));
  if (!flushed.ok()) {
    return response.Send(TextResponse(FlushFailure(flushed.code()), Message(flushed)));
  }
  HttpResponse done;
  done.status = 204;
  response.Send(std::move(done));
}

void Reload(const TenantResolver& resolver, const std::function<absl::Status()>& reload,
            const HttpRequest& request, ResponseWriter& response) {
  const auto tenant = resolver.Resolve(request, model::Permission::kAdmin);
  if (!tenant.ok()) return response.Send(TenantRefusal(tenant.status()));
  const absl::Status status = reload();
  // 500 also for a mistake in the file, as Prometheus has it: the request was right.
  response.Send(status.ok() ? TextResponse(200, "reloaded") : TextResponse(500, Message(status)));
}

}  // namespace

void AddHealthRoutes(std::function<absl::Status()> ready, Router* router) {
  Route healthy;
  healthy.pattern = "/-/healthy";
  healthy.nonblocking = true;
  healthy.handler = [](const HttpRequest&, ResponseWriter& response) {
    response.Send(TextResponse(200, "Tidegate is healthy."));
  };
  router->Add(std::move(healthy));
  // A probe must not wait behind queries; what it asks for takes a short lock and a statvfs.
  Route loki_readiness;
  loki_readiness.pattern = "/ready";
  loki_readiness.nonblocking = true;
  loki_readiness.handler = [ready](const HttpRequest&, ResponseWriter& response) {
    const absl::Status status = ready();
    response.Send(status.ok() ? TextResponse(200, "ready") : TextResponse(503, Message(status)));
  };
  router->Add(std::move(loki_readiness));
  Route readiness;
  readiness.pattern = "/-/ready";
  readiness.nonblocking = true;
  readiness.handler = [ready = std::move(ready)](const HttpRequest&, ResponseWriter& response) {
    const absl::Status status = ready();
    response.Send(status.ok() ? TextResponse(200, "Tidegate is ready.")
                              : TextResponse(503, Message(status)));
  };
  router->Add(std::move(readiness));
}

void AddReloadRoutes(const TenantResolver* resolver, std::function<absl::Status()> reload,
                     AuditLog* audit, Router* router) {
  for (const HttpMethod method : {HttpMethod::kPost, HttpMethod::kPut}) {
    Route route;
    route.method = method;
    route.pattern = "/-/reload";
    route.handler = Audited(
        audit, "reload", [resolver, reload](const HttpRequest& request, ResponseWriter& response) {
          Reload(*resolver, reload, request, response);
        });
    router->Add(std::move(route));
  }
}

void AddFlushRoute(const TenantResolver* resolver, ingest::Ingester* ingester, AuditLog* audit,
                   Router* router) {
  Route flush;
  flush.method = HttpMethod::kPost;
  flush.pattern = "/-/flush";
  flush.handler = Audited(
      audit, "flush", [resolver, ingester](const HttpRequest& request, ResponseWriter& response) {
        Flush(*resolver, *ingester, request, response);
      });
  router->Add(std::move(flush));
}

}  // namespace tidegate::api
