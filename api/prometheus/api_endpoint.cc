#include "api/prometheus/api_endpoint.h"

#include <utility>

#include "absl/time/clock.h"
#include "api/prometheus/api_error.h"
#include "api/prometheus/request_parameters.h"

namespace tidegate::api {
namespace {

absl::Status Call(const TenantResolver& resolver, model::Permission needed, TenantChoice choice,
                  const ApiEndpoint& endpoint, const HttpRequest& request,
                  ResponseWriter& response) {
  const auto tenant = resolver.Resolve(request, needed, choice);
  if (!tenant.ok()) return tenant.status();
  const auto parameters = CollectParameters(request);
  if (!parameters.ok()) return parameters.status();
  ApiRequest call{request, *parameters, **tenant, ContextFor(request, **tenant)};
  call.context.deadline = absl::Now() + (*tenant)->limits.max_query_timeout;
  return endpoint(call, response);
}

}  // namespace

HttpHandler ApiHandler(const TenantResolver* resolver, model::Permission needed,
                       ApiEndpoint endpoint, ErrorEncoder encode_error, TenantChoice choice) {
  return [resolver, needed, choice, endpoint = std::move(endpoint), encode_error](
             const HttpRequest& request, ResponseWriter& response) {
    const absl::Status status = Call(*resolver, needed, choice, endpoint, request, response);
    if (status.ok()) return;
    if (status.code() == absl::StatusCode::kUnavailable) response.AddHeader("Retry-After", "1");
    HttpResponse error = encode_error(status);
    AddChallenge(status, &error);
    response.Send(std::move(error));
  };
}

}  // namespace tidegate::api
