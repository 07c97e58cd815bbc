// What a query cost, as Prometheus writes it (util/stats/query_stats.go).
#ifndef TIDEGATE_API_JSON_QUERY_STATS_JSON_H_
#define TIDEGATE_API_JSON_QUERY_STATS_JSON_H_

#include "api/json/json_writer.h"
#include "query/query_result.h"

namespace tidegate::api {

// {"timings":{...},"samples":{...}}, with what each step looked at when that is asked for and
// known. What Prometheus does not know is named plainly beside its own.
void WriteQueryStats(const query::QueryStats& stats, bool per_step, JsonWriter& json);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_JSON_QUERY_STATS_JSON_H_
