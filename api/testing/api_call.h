// Calls one endpoint of the query API directly, without a socket.
#ifndef TIDEGATE_API_TESTING_API_CALL_H_
#define TIDEGATE_API_TESTING_API_CALL_H_

#include <string>
#include <utility>
#include <vector>

#include "api/prometheus/api_endpoint.h"
#include "api/testing/fake_tenants.h"
#include "api/testing/recorded_response.h"

namespace tidegate::api {

// Fluent: ApiCall(endpoint).With("query", "up").Get().
class ApiCall {
 public:
  explicit ApiCall(ApiEndpoint endpoint)
      : handler_(ApiHandler(&resolver_, model::Permission::kRead, std::move(endpoint))) {}

  ApiCall& With(std::string name, std::string value) {
    request_.query.Add(std::move(name), std::move(value));
    return *this;
  }
  ApiCall& Path(std::string name, std::string value) {
    request_.path.Add(std::move(name), std::move(value));
    return *this;
  }
  ApiCall& Header(std::string_view name, std::string_view value) {
    request_.headers.Add(name, value);
    return *this;
  }
  FakeTenants& tenants() { return tenants_; }

  RecordedResponse Get() {
    RecordedResponse response;
    handler_(request_, response);
    return response;
  }
  RecordedResponse Post(std::string_view content_type, std::string_view body) {
    request_.method = HttpMethod::kPost;
    request_.headers.Add("Content-Type", content_type);
    request_.body = body;
    return Get();
  }
  // The body of a GET.
  std::string Body() { return Get().body; }

 private:
  FakeTenants tenants_;
  TenantResolver resolver_{&tenants_, /*trust_org_id=*/true};
  HttpHandler handler_;
  HttpRequest request_;
};

}  // namespace tidegate::api

#endif  // TIDEGATE_API_TESTING_API_CALL_H_
