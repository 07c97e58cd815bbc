#include "api/web/session_endpoint.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "api/auth/credentials.h"
#include "api/auth/session_cookie.h"
#include "api/auth/shown_key.h"
#include "api/json/json_writer.h"

namespace tidegate::api {
namespace {

constexpr std::string_view kPath = "/ui/session";

void Field(std::string_view name, bool value, JsonWriter* json) {
  json->Key(name);
  json->Bool(value);
}

void WriteKey(const model::KeyHolder& holder, JsonWriter* json) {
  json->Key("tenant");
  json->String(holder.tenant->name);
  json->Key("key");
  json->String(holder.key->id);
  json->Key("permissions");
  json->BeginArray();
  for (const model::Permission permission :
       {model::Permission::kRead, model::Permission::kWrite, model::Permission::kAdmin}) {
    if (holder.key->permissions.Has(permission)) json->String(model::PermissionName(permission));
  }
  json->EndArray();
  json->Key("read_tenants");
  json->BeginArray();
  for (const std::string& tenant : holder.key->read_tenants) json->String(tenant);
  json->EndArray();
}

std::optional<model::KeyHolder> HolderOf(const SessionApi& api, const HttpRequest& request) {
  const auto shown = ReadShownKey(request, api.sessions);
  if (!shown.ok() || !shown->has_value()) return std::nullopt;
  auto holder = api.tenants->FindKey((*shown)->digest);
  return holder.has_value() && holder->tenant != nullptr ? holder : std::nullopt;
}

void Tell(const SessionApi& api, const HttpRequest& request, ResponseWriter& response) {
  const bool authentication = api.tenants->RequiresKeys();
  const auto holder = authentication ? HolderOf(api, request) : std::nullopt;
  // A proxy in front may have let it in without a key.
  const bool authenticated =
      authentication &&
      api.resolver->Resolve(request, model::Permission::kRead, TenantChoice::kSeveral).ok();
  StringSink sink;
  JsonWriter json(&sink);
  json.BeginObject();
  Field("authentication", authentication, &json);
  Field("authenticated", authenticated, &json);
  Field("trust_org_id", api.trust_org_id, &json);
  if (holder.has_value()) WriteKey(*holder, &json);
  json.EndObject();
  json.Flush();
  HttpResponse told;
  told.content_type = kApplicationJson;
  told.body = sink.text();
  response.Send(std::move(told));
}

// What ends a request is told as everywhere else; a bound is 429.
HttpResponse Refusal(const absl::Status& status) {
  HttpResponse refusal = TenantRefusal(status);
  if (absl::IsResourceExhausted(status)) refusal.status = 429;
  return refusal;
}

// Where a proxy ends TLS, it says so.
bool IsOverTls(const SessionApi& api, const HttpRequest& request) {
  return api.over_tls || EqualsIgnoreCase(request.headers.Get("X-Forwarded-Proto"), "https");
}

void SendCookie(const SessionApi& api, const HttpRequest& request, std::string_view token,
                ResponseWriter& response) {
  HttpResponse done;
  done.status = 204;
  done.headers.emplace_back("Set-Cookie",
                            SessionCookie(token, api.lifetime, IsOverTls(api, request)));
  response.Send(std::move(done));
}

// A script outside of a browser says neither where it comes from.
absl::Status CheckNotFromElsewhere(const HttpRequest& request) {
  const bool browser = request.headers.Has("Sec-Fetch-Site") || request.headers.Has("Origin");
  return browser ? CheckSameOrigin(request) : absl::OkStatus();
}

absl::StatusOr<std::string> Open(const SessionApi& api, const HttpRequest& request) {
  if (absl::Status status = CheckNotFromElsewhere(request); !status.ok()) return status;
  if (!api.tenants->RequiresKeys()) {
    return absl::InvalidArgumentError("authentication is off: there is no need to log in");
  }
  const auto credentials = ReadCredentials(request.headers);
  if (!credentials.ok()) return credentials.status();
  if (!credentials->has_value()) {
    return absl::UnauthenticatedError("no key: send it in X-Api-Key");
  }
  const auto tenant = api.resolver->Resolve(request, model::Permission::kRead);
  if (!tenant.ok()) return tenant.status();
  return api.sessions->Open(model::DigestOf((*credentials)->secret));
}

void LogIn(const SessionApi& api, const HttpRequest& request, ResponseWriter& response) {
  const auto token = Open(api, request);
  if (!token.ok()) return response.Send(Refusal(token.status()));
  SendCookie(api, request, *token, response);
}

void LogOut(const SessionApi& api, const HttpRequest& request, ResponseWriter& response) {
  absl::Status status = CheckNotFromElsewhere(request);
  const std::string_view token = SessionToken(request.headers);
  if (status.ok() && !token.empty()) status = api.sessions->Close(token);
  if (!status.ok()) return response.Send(Refusal(status));
  SendCookie(api, request, "", response);
}

using Endpoint = void (*)(const SessionApi&, const HttpRequest&, ResponseWriter&);

HttpHandler Handler(const SessionApi& api, Endpoint endpoint) {
  return [api, endpoint](const HttpRequest& request, ResponseWriter& response) {
    response.AddHeader("Cache-Control", "no-store");
    endpoint(api, request, response);
  };
}

}  // namespace

void AddSessionRoutes(const SessionApi& api, Router* router) {
  const auto add = [router](HttpMethod method, HttpHandler handler) {
    Route route;
    route.method = method;
    route.pattern = std::string(kPath);
    route.handler = std::move(handler);
    router->Add(std::move(route));
  };
  add(HttpMethod::kGet, Handler(api, Tell));
  add(HttpMethod::kPost, Audited(api.audit, "log_in", Handler(api, LogIn)));
  add(HttpMethod::kDelete, Audited(api.audit, "log_out", Handler(api, LogOut)));
}

}  // namespace tidegate::api
