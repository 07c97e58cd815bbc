// What a query cost, as Prometheus writes it (util/stats/query_stats.go).
#ifndef TIDEGATE_API_JSON_QUERY_STATS_JSON_H_
#define TIDEGATE_API_JSON_QUERY_STATS_JSON_H_

#include "api/json/json_writer.h"
#include "query/query_result.h"

namespace tidegate::api {

// {"timings":{...},"samples":{...}}. What Prometheus does not know is named plainly beside its own.
void WriteQueryStats(const query::QueryStats& stats, JsonWriter& json);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_JSON_QUERY_STATS_JSON_H_
