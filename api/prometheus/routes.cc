#include "api/prometheus/routes.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string_view>

#include "api/prometheus/cardinality_endpoints.h"
#include "api/prometheus/control_endpoints.h"
#include "api/prometheus/features_endpoint.h"
#include "api/prometheus/journal_endpoints.h"
#include "api/prometheus/query_endpoints.h"
#include "api/prometheus/series_endpoints.h"
#include "api/prometheus/targets_endpoints.h"
#include "api/prometheus/tenant_limits_endpoint.h"
#include "api/rules/rules_endpoints.h"

namespace tidegate::api {
namespace {

// Go's limit for forms, which Prometheus inherits.
constexpr size_t kMaxFormBytes = 10 << 20;

enum class Methods { kGet, kGetAndPost, kPostAndPut };

struct Endpoint {
  std::string_view path;
  Methods methods;
  ApiEndpoint answer;
  model::Permission needed = model::Permission::kRead;
};

// A process that does not know the scraper does not claim that there are no targets.
ApiEndpoint OfTargets(const PrometheusApi& api, ApiEndpoint (*endpoint)(control::Targets*)) {
  if (api.targets != nullptr) return endpoint(api.targets);
  return [](const ApiRequest&, ResponseWriter&) {
    return absl::UnavailableError("this process does not know the scraper: ask a gateway");
  };
}

std::vector<Endpoint> Endpoints(const PrometheusApi& api) {
  MetadataSource metadata = api.metadata;
  if (!metadata) {
    metadata = [](const model::RequestContext&, const std::string&) {
      return std::vector<model::MetricMetadata>();
    };
  }
  query::QueryService* const queries = api.queries;
  return {
      {"query", Methods::kGetAndPost, InstantQueryEndpoint(queries, api.clock, api.journal)},
      {"query_range", Methods::kGetAndPost, RangeQueryEndpoint(queries, api.journal)},
      {"query_exemplars", Methods::kGetAndPost, ExemplarsEndpoint(queries)},
      {"format_query", Methods::kGetAndPost, FormatQueryEndpoint(queries)},
      {"parse_query", Methods::kGetAndPost, ParseQueryEndpoint(queries)},
      {"series", Methods::kGetAndPost, SeriesEndpoint(queries)},
      {"labels", Methods::kGetAndPost, LabelNamesEndpoint(queries)},
      {"label/:name/values", Methods::kGet, LabelValuesEndpoint(queries)},
      {"metadata", Methods::kGet, MetadataEndpoint(std::move(metadata))},
      {"features", Methods::kGet, FeaturesEndpoint()},
      {"rules", Methods::kGet, RulesEndpoint(api.ruler)},
      {"alerts", Methods::kGet, AlertsEndpoint(api.ruler)},
      {"alertmanagers", Methods::kGet, AlertmanagersEndpoint(api.ruler)},
      {"targets", Methods::kGet, OfTargets(api, TargetsEndpoint)},
      {"targets/metadata", Methods::kGet, OfTargets(api, TargetMetadataEndpoint)},
      {"targets/relabel_steps", Methods::kGet, OfTargets(api, RelabelStepsEndpoint)},
      {"scrape_pools", Methods::kGet, OfTargets(api, ScrapePoolsEndpoint)},
      {"notifications", Methods::kGet, ConstantEndpoint("[]")},
      {"status/buildinfo", Methods::kGet,
       BuildInfoEndpoint(api.version, api.revision, api.build_date)},
      {"status/runtimeinfo", Methods::kGet, RuntimeInfoEndpoint(api.runtime, api.clock)},
      {"status/flags", Methods::kGet, FlagsEndpoint(api.flags), model::Permission::kAdmin},
      {"status/config", Methods::kGet, ConfigEndpoint(api.config_yaml), model::Permission::kAdmin},
      {"status/tenant_limits", Methods::kGet, TenantLimitsEndpoint(api.use)},
  };
}

std::vector<Endpoint> CardinalityEndpoints(const PrometheusApi& api) {
  if (api.series == nullptr) return {};
  const CardinalitySources sources{api.series, api.ingester, api.clock};
  return {
      {"status/tsdb", Methods::kGet, TsdbStatusEndpoint(sources)},
      {"cardinality/label_names", Methods::kGetAndPost, CardinalityLabelNamesEndpoint(sources)},
      {"cardinality/label_values", Methods::kGetAndPost, CardinalityLabelValuesEndpoint(sources)},
      {"cardinality/active_series", Methods::kGetAndPost, ActiveSeriesEndpoint(sources)},
  };
}

std::vector<Endpoint> JournalEndpoints(const QueryJournal* journal) {
  if (journal == nullptr) return {};
  return {
      {"status/active_queries", Methods::kGet, ActiveQueriesEndpoint(journal)},
      {"status/top_queries", Methods::kGet, TopQueriesEndpoint(journal)},
  };
}

std::vector<Endpoint> AdminEndpoints(const TsdbAdmin& admin) {
  if (!admin.delete_series) return {};
  constexpr auto kAdmin = model::Permission::kAdmin;
  return {
      {"admin/tsdb/delete_series", Methods::kPostAndPut, DeleteSeriesEndpoint(admin), kAdmin},
      {"admin/tsdb/clean_tombstones", Methods::kPostAndPut, CleanTombstonesEndpoint(admin), kAdmin},
      {"admin/tsdb/snapshot", Methods::kPostAndPut, SnapshotEndpoint(admin), kAdmin},
  };
}

// What reads series and their labels may be about several tenants.
TenantChoice ChoiceOf(const Endpoint& endpoint) {
  constexpr std::string_view kSeveral[] = {
      "query",    "query_range",        "query_exemplars", "series",     "labels",
      "metadata", "label/:name/values", "format_query",    "parse_query"};
  const bool several =
      std::find(std::begin(kSeveral), std::end(kSeveral), endpoint.path) != std::end(kSeveral);
  return several ? TenantChoice::kSeveral : TenantChoice::kOne;
}

// "delete_series" of an endpoint that only administrators may POST to; empty for others.
std::string ChangeOf(const Endpoint& endpoint) {
  if (endpoint.needed != model::Permission::kAdmin || endpoint.methods != Methods::kPostAndPut) {
    return "";
  }
  return std::string(endpoint.path.substr(endpoint.path.rfind('/') + 1));
}

std::vector<HttpMethod> MethodsOf(Methods methods) {
  switch (methods) {
    case Methods::kGet:
      return {HttpMethod::kGet};
    case Methods::kGetAndPost:
      return {HttpMethod::kGet, HttpMethod::kPost};
    case Methods::kPostAndPut:
      return {HttpMethod::kPost, HttpMethod::kPut};
  }
  return {};
}

void AddRoute(HttpMethod method, const std::string& pattern, HttpHandler handler, Router* router) {
  Route route;
  route.method = method;
  route.pattern = pattern;
  route.handler = std::move(handler);
  route.max_body_bytes = kMaxFormBytes;
  router->Add(std::move(route));
}

}  // namespace

void AddPrometheusRoutes(const PrometheusApi& api, Router* router) {
  std::vector<Endpoint> endpoints = Endpoints(api);
  for (Endpoint& endpoint : CardinalityEndpoints(api)) endpoints.push_back(std::move(endpoint));
  for (Endpoint& endpoint : JournalEndpoints(api.journal)) {
    endpoints.push_back(std::move(endpoint));
  }
  for (Endpoint& endpoint : AdminEndpoints(api.admin)) endpoints.push_back(std::move(endpoint));
  for (const Endpoint& endpoint : endpoints) {
    HttpHandler handler = ApiHandler(api.resolver, endpoint.needed, endpoint.answer, ErrorResponse,
                                     ChoiceOf(endpoint));
    const std::string change = ChangeOf(endpoint);
    if (!change.empty()) handler = Audited(api.audit, change, std::move(handler));
    for (std::string_view prefix : {"/prometheus/api/v1/", "/api/v1/"}) {
      const std::string pattern = std::string(prefix) + std::string(endpoint.path);
      for (const HttpMethod method : MethodsOf(endpoint.methods)) {
        AddRoute(method, pattern, handler, router);
      }
    }
  }
}

}  // namespace tidegate::api
