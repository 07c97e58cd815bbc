#include "api/prometheus/features_endpoint.h"

#include <iterator>
#include <string_view>
#include <vector>

#include "api/prometheus/envelope.h"
#include "query/promql_vocabulary.h"

namespace tidegate::api {
namespace {

struct Feature {
  std::string_view category;
  std::string_view name;
  bool enabled;
};

// By category, then by name.
constexpr Feature kFeatures[] = {
    {"api", "admin", true},
    {"api", "exclude_alerts", true},
    {"api", "label_values_match", true},
    {"api", "lifecycle", false},
    {"api", "otlp_write_receiver", false},
    {"api", "query_stats", true},
    {"api", "query_warnings", true},
    {"api", "remote_write_receiver", true},
    {"api", "time_range_labels", true},
    {"api", "time_range_series", true},
    {"promql", "anchored", true},
    {"promql", "at_modifier", true},
    {"promql", "bool", true},
    {"promql", "by", true},
    {"promql", "delayed_name_removal", true},
    {"promql", "duration_expr", true},
    {"promql", "fill", true},
    {"promql", "fill_left", true},
    {"promql", "fill_right", true},
    {"promql", "group_left", true},
    {"promql", "group_right", true},
    {"promql", "ignoring", true},
    {"promql", "negative_offset", true},
    {"promql", "offset", true},
    {"promql", "on", true},
    {"promql", "per_query_lookback_delta", true},
    {"promql", "per_step_stats", false},
    {"promql", "smoothed", true},
    {"promql", "subqueries", true},
    {"promql", "type_and_unit_labels", true},
    {"promql", "without", true},
};
constexpr Feature kStorageFeatures[] = {
    {"tsdb", "exemplar_storage", true},
    {"tsdb", "isolation", false},
    {"tsdb", "native_histograms", true},
};

std::vector<Feature> AllFeatures() {
  std::vector<Feature> all(std::begin(kFeatures), std::end(kFeatures));
  for (std::string_view name : query::PromqlFunctions()) {
    all.push_back({"promql_functions", name, true});
  }
  for (std::string_view text : query::PromqlOperators()) {
    all.push_back({"promql_operators", text, true});
  }
  all.insert(all.end(), std::begin(kStorageFeatures), std::end(kStorageFeatures));
  return all;
}

}  // namespace

ApiEndpoint FeaturesEndpoint() {
  return [](const ApiRequest&, ResponseWriter& response) {
    Envelope envelope(&response);
    JsonWriter& json = envelope.data();
    json.BeginObject();
    std::string_view category;
    for (const Feature& feature : AllFeatures()) {
      if (feature.category != category) {
        if (!category.empty()) json.EndObject();
        category = feature.category;
        json.Key(category);
        json.BeginObject();
      }
      json.Key(feature.name);
      json.Bool(feature.enabled);
    }
    json.EndObject();
    json.EndObject();
    envelope.Finish();
    return absl::OkStatus();
  };
}

}  // namespace tidegate::api
