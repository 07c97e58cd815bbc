#include "api/prometheus/api_endpoint.h"

#include <utility>

#include "absl/time/clock.h"
#include "api/prometheus/api_error.h"
#include "api/prometheus/request_parameters.h"

namespace tidegate::api {
namespace {

// The fields of Prometheus with its default origin, which is any. Answers with and without Origin
// differ, so a cache in between is told, also by the answers that have no fields.
void AddCors(const HttpRequest& request, ResponseWriter& response) {
  response.AddHeader("Vary", "Origin");
  if (!request.headers.Has("Origin")) return;
  response.AddHeader("Access-Control-Allow-Headers", "Accept, Authorization, Content-Type, Origin");
  response.AddHeader("Access-Control-Allow-Methods", "GET, POST, OPTIONS");
  response.AddHeader("Access-Control-Allow-Origin", "*");
  response.AddHeader("Access-Control-Expose-Headers", "Date");
}

absl::Status Call(const TenantResolver& resolver, model::Permission needed,
                  const ApiEndpoint& endpoint, const HttpRequest& request,
                  ResponseWriter& response) {
  const auto tenant = resolver.Resolve(request, needed);
  if (!tenant.ok()) return tenant.status();
  const auto parameters = CollectParameters(request);
  if (!parameters.ok()) return parameters.status();
  ApiRequest call{request, *parameters, **tenant, ContextFor(request, **tenant)};
  call.context.deadline = absl::Now() + (*tenant)->limits.max_query_timeout;
  return endpoint(call, response);
}

}  // namespace

HttpHandler ApiHandler(const TenantResolver* resolver, model::Permission needed,
                       ApiEndpoint endpoint, ErrorEncoder encode_error) {
  return [resolver, needed, endpoint = std::move(endpoint), encode_error](
             const HttpRequest& request, ResponseWriter& response) {
    AddCors(request, response);
    const absl::Status status = Call(*resolver, needed, endpoint, request, response);
    if (status.ok()) return;
    if (status.code() == absl::StatusCode::kUnavailable) response.AddHeader("Retry-After", "1");
    HttpResponse error = encode_error(status);
    AddChallenge(status, &error);
    response.Send(std::move(error));
  };
}

HttpHandler PreflightHandler() {
  return [](const HttpRequest& request, ResponseWriter& response) {
    AddCors(request, response);
    HttpResponse nothing;
    nothing.status = 204;
    response.Send(std::move(nothing));
  };
}

}  // namespace tidegate::api
