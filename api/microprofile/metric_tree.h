// A process' registry as MicroProfile's scopes.
#ifndef TIDEGATE_API_MICROPROFILE_METRIC_TREE_H_
#define TIDEGATE_API_MICROPROFILE_METRIC_TREE_H_

#include <string>
#include <string_view>

#include "api/microprofile/metric.h"
#include "model/metrics/metrics_registry.h"

namespace tidegate::api {

// Where a family of prometheus-cpp stands: "tidegate_ingest_head_chunk_bytes" is
// "ingest.headChunk" in bytes, in the scope application. `total` is cut off counters; other units
// than those of gauges stay in the name.
struct FamilyPlace {
  Scope scope = Scope::kApplication;
  std::string name;
  std::string unit = "none";
};
FamilyPlace PlaceOf(std::string_view family, bool is_counter);

// Adds everything in the registry to the scopes vendor and application. A metric with labels has
// their values in its name, in the order of their names and with dots for slashes
// ("ingest.samples.team-a"), and the labels as tags; one that counts the values of a label appears
// with its first value. What the registry does not sample (MetricsRegistry) is there as ".count"
// and
// ".sum" of a histogram.
void AddRegistry(model::MetricsRegistry* registry, MetricTree* tree);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_MICROPROFILE_METRIC_TREE_H_
