#include "api/tenants/tenant_endpoints.h"

#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "api/json/json_writer.h"
#include "api/prometheus/api_error.h"
#include "api/prometheus/envelope.h"
#include "model/config/tenant_definition.h"

namespace tidegate::api {
namespace {

constexpr std::string_view kTenants = "/api/v1/admin/tenants";
constexpr std::string_view kTenant = "/api/v1/admin/tenants/:tenant";
constexpr std::string_view kKeys = "/api/v1/admin/tenants/:tenant/keys";
constexpr std::string_view kKey = "/api/v1/admin/tenants/:tenant/keys/:key";
constexpr size_t kMaxBodyBytes = 256 << 10;

// Answers, or returns an error and has not touched the writer.
using Endpoint = std::function<absl::Status(control::TenantAdministration&, const HttpRequest&,
                                            ResponseWriter&)>;

// As the query API answers, but that what is in the way of a change is a conflict.
HttpResponse TenantErrorResponse(const absl::Status& error) {
  switch (error.code()) {
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kAborted: {
      HttpResponse conflict = ErrorResponse(absl::InvalidArgumentError(error.message()));
      conflict.status = 409;
      return conflict;
    }
    default:
      return ErrorResponse(error);
  }
}

HttpHandler Handler(const TenantResolver* resolver, control::TenantAdministration* tenants,
                    Endpoint endpoint) {
  return [resolver, tenants, endpoint = std::move(endpoint)](const HttpRequest& request,
                                                             ResponseWriter& response) {
    absl::Status status = resolver->Resolve(request, model::Permission::kAdmin).status();
    if (status.ok()) status = endpoint(*tenants, request, response);
    if (status.ok()) return;
    if (absl::IsUnavailable(status)) response.AddHeader("Retry-After", "1");
    HttpResponse error = TenantErrorResponse(status);
    AddChallenge(status, &error);
    response.Send(std::move(error));
  };
}

void WriteStrings(std::string_view name, const std::vector<std::string>& values, JsonWriter* json) {
  json->Key(name);
  json->BeginArray();
  for (const std::string& value : values) json->String(value);
  json->EndArray();
}

void WriteKeyFields(const model::ApiKey& key, JsonWriter* json) {
  json->Key("id");
  json->String(key.id);
  json->Key("permissions");
  json->BeginArray();
  for (const model::Permission permission :
       {model::Permission::kRead, model::Permission::kWrite, model::Permission::kAdmin}) {
    if (key.permissions.Has(permission)) json->String(model::PermissionName(permission));
  }
  json->EndArray();
  std::vector<std::string> ranges;
  for (const model::IpRange& range : key.allow_ips) ranges.push_back(range.text());
  WriteStrings("allow_ips", ranges, json);
  WriteStrings("read_tenants", key.read_tenants, json);
}

// Without digests: who knows one can try guesses against it.
void WriteKeys(const control::ManagedTenant& tenant, JsonWriter* json) {
  json->BeginArray();
  for (const model::ApiKey& key : tenant.config->keys) {
    json->BeginObject();
    WriteKeyFields(key, json);
    json->Key("source");
    json->String(tenant.file_keys.contains(key.id) ? "file" : "api");
    json->EndObject();
  }
  json->EndArray();
}

void WriteTenant(const control::ManagedTenant& tenant, JsonWriter* json) {
  json->BeginObject();
  json->Key("name");
  json->String(tenant.name);
  json->Key("source");
  json->String(tenant.in_file ? "file" : "api");
  json->Key("state");
  json->String(tenant.deleting ? "deleting" : "active");
  if (tenant.config != nullptr) {
    json->Key("config");
    json->Raw(model::FormatTenantJson(*tenant.config));
    json->Key("keys");
    WriteKeys(tenant, json);
  }
  json->EndObject();
}

absl::Status SendTenant(const control::TenantAdministration& tenants, std::string_view name,
                        ResponseWriter& response) {
  const auto tenant = tenants.Get(name);
  if (!tenant.ok()) return tenant.status();
  Envelope envelope(&response);
  WriteTenant(*tenant, &envelope.data());
  envelope.Finish();
  return absl::OkStatus();
}

absl::Status ListTenants(control::TenantAdministration& tenants, const HttpRequest&,
                         ResponseWriter& response) {
  Envelope envelope(&response);
  envelope.data().BeginArray();
  for (const control::ManagedTenant& tenant : tenants.List()) {
    WriteTenant(tenant, &envelope.data());
  }
  envelope.data().EndArray();
  envelope.Finish();
  return absl::OkStatus();
}

absl::Status GetTenant(control::TenantAdministration& tenants, const HttpRequest& request,
                       ResponseWriter& response) {
  return SendTenant(tenants, request.path.Get("tenant"), response);
}

absl::Status PutTenant(control::TenantAdministration& tenants, const HttpRequest& request,
                       ResponseWriter& response) {
  const std::string_view name = request.path.Get("tenant");
  if (absl::Status status = tenants.Put(name, request.body); !status.ok()) return status;
  return SendTenant(tenants, name, response);
}

absl::Status DeleteTenant(control::TenantAdministration& tenants, const HttpRequest& request,
                          ResponseWriter& response) {
  absl::Status status = tenants.Delete(request.path.Get("tenant"));
  if (!status.ok()) return status;
  HttpResponse accepted;
  accepted.status = 202;  // Nobody is let in any more; data and documents go in the background.
  response.Send(std::move(accepted));
  return absl::OkStatus();
}

absl::Status ListKeys(control::TenantAdministration& tenants, const HttpRequest& request,
                      ResponseWriter& response) {
  const auto tenant = tenants.Get(request.path.Get("tenant"));
  if (!tenant.ok()) return tenant.status();
  if (tenant->config == nullptr) return absl::NotFoundError("the tenant is being deleted");
  Envelope envelope(&response);
  WriteKeys(*tenant, &envelope.data());
  envelope.Finish();
  return absl::OkStatus();
}

void SendNewKey(const model::ApiKey& key, std::string_view secret, ResponseWriter& response) {
  StringSink sink;
  JsonWriter json(&sink);
  json.BeginObject();
  json.Key("status");
  json.String("success");
  json.Key("data");
  json.BeginObject();
  WriteKeyFields(key, &json);
  if (!secret.empty()) {
    json.Key("secret");
    json.String(secret);
  }
  json.EndObject();
  json.EndObject();
  json.Flush();
  HttpResponse created;
  created.status = 201;
  created.content_type = std::string(kApplicationJson);
  created.body = sink.text();
  created.headers.emplace_back("Cache-Control", "no-store");
  response.Send(std::move(created));
}

// The secret is made here unless the request brings its hash.
absl::Status CreateKey(control::TenantAdministration& tenants, const HttpRequest& request,
                       ResponseWriter& response) {
  auto definition = model::ParseKey(request.body);
  if (!definition.ok()) return definition.status();
  std::string secret;
  if (!definition->has_digest) {
    absl::StatusOr<std::string> made = model::NewSecret();
    if (!made.ok()) return made.status();
    secret = *std::move(made);
    definition->key.digest = model::DigestOf(secret);
  }
  absl::Status status = tenants.AddKey(request.path.Get("tenant"), definition->key);
  if (status.ok()) SendNewKey(definition->key, secret, response);
  return status;
}

absl::Status RevokeKey(control::TenantAdministration& tenants, const HttpRequest& request,
                       ResponseWriter& response) {
  absl::Status status = tenants.RevokeKey(request.path.Get("tenant"), request.path.Get("key"));
  if (!status.ok()) return status;
  HttpResponse done;
  done.status = 204;
  response.Send(std::move(done));
  return absl::OkStatus();
}

struct Entry {
  HttpMethod method;
  std::string_view pattern;
  std::string_view change;
  absl::Status (*endpoint)(control::TenantAdministration&, const HttpRequest&, ResponseWriter&);
};

constexpr Entry kEntries[] = {
    {HttpMethod::kGet, kTenants, "", &ListTenants},
    {HttpMethod::kGet, kTenant, "", &GetTenant},
    {HttpMethod::kPut, kTenant, "put_tenant", &PutTenant},
    {HttpMethod::kDelete, kTenant, "delete_tenant", &DeleteTenant},
    {HttpMethod::kGet, kKeys, "", &ListKeys},
    {HttpMethod::kPost, kKeys, "create_key", &CreateKey},
    {HttpMethod::kDelete, kKey, "revoke_key", &RevokeKey},
};

}  // namespace

void AddTenantRoutes(const TenantResolver* resolver, control::TenantAdministration* tenants,
                     AuditLog* audit, Router* router) {
  for (const Entry& entry : kEntries) {
    Route route;
    route.method = entry.method;
    route.pattern = std::string(entry.pattern);
    route.max_body_bytes = kMaxBodyBytes;
    route.handler = Handler(resolver, tenants, entry.endpoint);
    if (!entry.change.empty()) {
      route.handler = Audited(audit, entry.change, std::move(route.handler));
    }
    router->Add(std::move(route));
  }
}

}  // namespace tidegate::api
