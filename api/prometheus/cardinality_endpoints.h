// status/tsdb, and Mimir's cardinality API: what an operator asks when series explode.
#ifndef TIDEGATE_API_PROMETHEUS_CARDINALITY_ENDPOINTS_H_
#define TIDEGATE_API_PROMETHEUS_CARDINALITY_ENDPOINTS_H_

#include "api/prometheus/api_endpoint.h"
#include "ingest/ingester.h"
#include "model/clock.h"
#include "query/query_service.h"

namespace tidegate::api {

// The pointers must outlive the endpoints; all is counted from label sets, at most
// kMaxCountedSeries of them (422 beyond it).
struct CardinalitySources {
  storage::SeriesSource* series = nullptr;
  ingest::Ingester* ingester = nullptr;  // May be null: then chunkCount is 0.
  const model::Clock* clock = nullptr;
};

inline constexpr size_t kMaxCountedSeries = 5'000'000;
// What is counted where a request names no time: what is in memory has a sample in the last two
// hours (as long as Prometheus and Mimir keep a head), what is active in the last 20 minutes
// (Mimir's -ingester.active-series-metrics-idle-timeout). Exact to a chunk.
inline constexpr int64_t kInMemoryMs = int64_t{2} * 3600 * 1000;
inline constexpr int64_t kActiveMs = int64_t{20} * 60 * 1000;

// Parameters: limit (1..10000, default 10) as in Prometheus; topN, date (YYYY-MM-DD, UTC),
// focusLabel and match[] as in VictoriaMetrics. Without a date what is in memory is counted.
ApiEndpoint TsdbStatusEndpoint(const CardinalitySources& sources);

// Parameters of the three: selector, start and end (ours), limit (default 20, at most 500),
// count_method (inmemory, the default, or active).
ApiEndpoint CardinalityLabelNamesEndpoint(const CardinalitySources& sources);
// And label_names[], at least one.
ApiEndpoint CardinalityLabelValuesEndpoint(const CardinalitySources& sources);
// The label sets of active series; needs a selector.
ApiEndpoint ActiveSeriesEndpoint(const CardinalitySources& sources);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_PROMETHEUS_CARDINALITY_ENDPOINTS_H_
