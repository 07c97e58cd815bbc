#include "api/prometheus/tenant_limits_endpoint.h"

#include "api/prometheus/envelope.h"
#include "model/config/tenant_definition.h"

namespace tidegate::api {

ApiEndpoint TenantLimitsEndpoint(ingest::Ingester* ingester, const QueryJournal* journal) {
  return [ingester, journal](const ApiRequest& request, ResponseWriter& response) {
    Envelope envelope(&response);
    JsonWriter& json = envelope.data();
    json.BeginObject();
    json.Key("tenant");
    json.String(request.tenant.name);
    json.Key("config");
    json.Raw(model::FormatTenantJson(request.tenant));
    json.Key("use");
    json.BeginObject();
    if (ingester != nullptr) {
      const auto stats = ingester->Stats(request.context);
      if (stats.ok()) {
        json.Key("max_series");
        json.Unsigned(stats->series);
      }
    }
    if (journal != nullptr) {
      json.Key("max_concurrent_queries");
      json.Unsigned(journal->Active(request.tenant.name).size());
    }
    json.EndObject();
    json.EndObject();
    envelope.Finish();
    return absl::OkStatus();
  };
}

}  // namespace tidegate::api
