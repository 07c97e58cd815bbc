#include "api/prometheus/features_endpoint.h"

#include <string_view>

#include "api/prometheus/envelope.h"

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
    {"api", "exclude_alerts", false},
    {"api", "label_values_match", true},
    {"api", "lifecycle", false},
    {"api", "otlp_write_receiver", false},
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
    {"promql", "experimental_functions", true},
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
    {"promql", "smoothed", true},
    {"promql", "subqueries", true},
    {"promql", "type_and_unit_labels", true},
    {"promql", "without", true},
    {"tsdb", "exemplar_storage", true},
    {"tsdb", "native_histograms", true},
};

}  // namespace

ApiEndpoint FeaturesEndpoint() {
  return [](const ApiRequest&, ResponseWriter& response) {
    Envelope envelope(&response);
    JsonWriter& json = envelope.data();
    json.BeginObject();
    std::string_view category;
    for (const Feature& feature : kFeatures) {
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
