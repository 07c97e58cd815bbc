#include "api/rules/ruler_config.h"

#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/time/clock.h"
#include "api/loki/loki_error.h"

namespace tidegate::api {
namespace {

using query::RuleLanguage;

constexpr size_t kMaxBodyBytes = 4 << 20;
constexpr absl::Duration kTimeout = absl::Seconds(30);

struct Prefix {
  std::string_view path;
  RuleLanguage language;
};

constexpr Prefix kPrefixes[] = {{"/prometheus/config/v1/rules", RuleLanguage::kPromQl},
                                {"/config/v1/rules", RuleLanguage::kPromQl},
                                {"/loki/api/v1/rules", RuleLanguage::kLogQl},
                                {"/api/prom/rules", RuleLanguage::kLogQl}};

// A request as the store wants it.
struct Call {
  model::RequestContext context;
  RuleLanguage language;
  std::string rule_namespace;
  std::string group;
  std::string body;
};

using Answer = std::function<absl::StatusOr<HttpResponse>(control::RuleStore&, const Call&)>;

absl::StatusOr<HttpResponse> Yaml(absl::StatusOr<std::string> text) {
  if (!text.ok()) return text.status();
  HttpResponse response;
  response.content_type = "application/yaml";
  response.body = *std::move(text);
  return response;
}

// Stored, and evaluated soon: as Mimir words it.
absl::StatusOr<HttpResponse> Accepted(const absl::Status& status) {
  if (!status.ok()) return status;
  HttpResponse response;
  response.status = 202;
  response.content_type = std::string(kApplicationJson);
  response.body = R"({"status":"success","data":null,"errorType":"","error":""})";
  return response;
}

HttpHandler Handler(const TenantResolver* resolver, control::RuleStore* store,
                    model::Permission needed, RuleLanguage language, Answer answer) {
  return [=, answer = std::move(answer)](const HttpRequest& request, ResponseWriter& writer) {
    const auto tenant = resolver->Resolve(request, needed);
    if (!tenant.ok()) return writer.Send(TenantRefusal(tenant.status()));
    Call call{ContextFor(request, **tenant), language, std::string(request.path.Get("namespace")),
              std::string(request.path.Get("group")), std::string(request.body)};
    call.context.deadline = absl::Now() + kTimeout;
    absl::StatusOr<HttpResponse> response = answer(*store, call);
    writer.Send(response.ok() ? *std::move(response) : LokiErrorResponse(response.status()));
  };
}

absl::StatusOr<HttpResponse> List(control::RuleStore& store, const Call& call) {
  return Yaml(store.List(call.context, call.language, call.rule_namespace));
}

absl::StatusOr<HttpResponse> Get(control::RuleStore& store, const Call& call) {
  return Yaml(store.Get(call.context, call.language, call.rule_namespace, call.group));
}

absl::StatusOr<HttpResponse> Set(control::RuleStore& store, const Call& call) {
  return Accepted(store.Set(call.context, call.language, call.rule_namespace, call.body));
}

absl::StatusOr<HttpResponse> Delete(control::RuleStore& store, const Call& call) {
  if (call.group.empty()) {
    return Accepted(store.DeleteNamespace(call.context, call.language, call.rule_namespace));
  }
  return Accepted(store.DeleteGroup(call.context, call.language, call.rule_namespace, call.group));
}

}  // namespace

void AddRulerConfigRoutes(const TenantResolver* resolver, control::RuleStore* store,
                          AuditLog* audit, Router* router) {
  using model::Permission;
  struct Endpoint {
    HttpMethod method;
    std::string_view rest;
    Permission needed;
    Answer answer;
  };
  const Endpoint endpoints[] = {
      {HttpMethod::kGet, "", Permission::kRead, List},
      {HttpMethod::kGet, "/:namespace", Permission::kRead, List},
      {HttpMethod::kGet, "/:namespace/:group", Permission::kRead, Get},
      {HttpMethod::kPost, "/:namespace", Permission::kAdmin, Set},
      {HttpMethod::kDelete, "/:namespace", Permission::kAdmin, Delete},
      {HttpMethod::kDelete, "/:namespace/:group", Permission::kAdmin, Delete},
  };
  for (const Prefix& prefix : kPrefixes) {
    for (const Endpoint& endpoint : endpoints) {
      Route route;
      route.method = endpoint.method;
      route.pattern = std::string(prefix.path) + std::string(endpoint.rest);
      route.max_body_bytes = kMaxBodyBytes;
      route.handler = Handler(resolver, store, endpoint.needed, prefix.language, endpoint.answer);
      if (endpoint.method != HttpMethod::kGet) {
        route.handler = Audited(audit, "change_rules", std::move(route.handler));
      }
      router->Add(std::move(route));
    }
  }
}

}  // namespace tidegate::api
