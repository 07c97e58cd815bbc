// Loki's endpoints about streams: labels, label values, series, index/stats, index/volume.
#ifndef TIDEGATE_API_LOKI_INDEX_ENDPOINTS_H_
#define TIDEGATE_API_LOKI_INDEX_ENDPOINTS_H_

#include "api/prometheus/api_endpoint.h"
#include "model/clock.h"
#include "query/log_query_service.h"

namespace tidegate::api {

// What is passed in must outlive the endpoints. The range of labels and series is six hours by
// default, of the others one.
ApiEndpoint LogLabelNamesEndpoint(query::LogQueryService* logs, const model::Clock* clock);
ApiEndpoint LogLabelValuesEndpoint(query::LogQueryService* logs, const model::Clock* clock);
ApiEndpoint LogSeriesEndpoint(query::LogQueryService* logs, const model::Clock* clock);
ApiEndpoint IndexStatsEndpoint(query::LogQueryService* logs, const model::Clock* clock);
// One value for the range; with steps a matrix.
ApiEndpoint VolumeEndpoint(query::LogQueryService* logs, const model::Clock* clock);
ApiEndpoint VolumeRangeEndpoint(query::LogQueryService* logs, const model::Clock* clock);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_LOKI_INDEX_ENDPOINTS_H_
