#include "api/prometheus/tenant_limits_endpoint.h"

#include <string_view>
#include <utility>

#include "api/prometheus/envelope.h"
#include "model/config/tenant_definition.h"

namespace tidegate::api {
namespace {

void WriteCounts(std::string_view key, const std::map<std::string, uint64_t>& counts,
                 JsonWriter& json) {
  json.Key(key);
  json.BeginObject();
  for (const auto& [name, count] : counts) {
    json.Key(name);
    json.Unsigned(count);
  }
  json.EndObject();
}

}  // namespace

ApiEndpoint TenantLimitsEndpoint(TenantUseSources sources) {
  return [sources = std::move(sources)](const ApiRequest& request, ResponseWriter& response) {
    const TenantUse use = UseOf(sources, request.context);
    Envelope envelope(&response);
    JsonWriter& json = envelope.data();
    json.BeginObject();
    json.Key("tenant");
    json.String(request.tenant.name);
    json.Key("config");
    json.Raw(model::FormatTenantJson(request.tenant));
    WriteCounts("use", use.used, json);
    WriteCounts("rejected", use.rejected, json);
    json.EndObject();
    envelope.Finish();
    return absl::OkStatus();
  };
}

}  // namespace tidegate::api
