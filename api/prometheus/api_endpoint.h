// What all endpoints of the query API have in common: tenant, parameters, errors.
#ifndef TIDEGATE_API_PROMETHEUS_API_ENDPOINT_H_
#define TIDEGATE_API_PROMETHEUS_API_ENDPOINT_H_

#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "api/auth/tenant_resolver.h"
#include "api/http/http_request.h"
#include "api/http/http_response.h"
#include "api/prometheus/api_error.h"
#include "model/request_context.h"
#include "model/tenant.h"

namespace tidegate::api {

// A request that belongs to a tenant and whose parameters are collected. Valid while the endpoint
// runs.
struct ApiRequest {
  const HttpRequest& http;
  const Parameters& parameters;  // Of the body and the URL.
  const model::TenantConfig& tenant;
  model::RequestContext context;  // Its deadline is the tenant's longest query.
};

// Answers through the writer, or returns an error and has not touched it. Thread safe.
using ApiEndpoint = std::function<absl::Status(const ApiRequest&, ResponseWriter&)>;

// How an API puts an error into an answer.
using ErrorEncoder = HttpResponse (*)(const absl::Status&);

// Lets in who has the permission. The resolver must outlive the handler.
HttpHandler ApiHandler(const TenantResolver* resolver, model::Permission needed,
                       ApiEndpoint endpoint, ErrorEncoder encode_error = ErrorResponse,
                       TenantChoice choice = TenantChoice::kOne);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_PROMETHEUS_API_ENDPOINT_H_
