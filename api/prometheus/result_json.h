// Results of queries and label APIs as JSON (prometheus/web/api/v1/json_codec.go).
#ifndef TIDEGATE_API_PROMETHEUS_RESULT_JSON_H_
#define TIDEGATE_API_PROMETHEUS_RESULT_JSON_H_

#include <cstdint>
#include <string>
#include <vector>

#include "api/json/json_writer.h"
#include "model/labels.h"
#include "query/query_result.h"
#include "query/query_service.h"

namespace tidegate::api {

// {"name":"value",...}
void WriteLabels(model::LabelsView labels, JsonWriter& json);

// {"resultType":...,"result":...}, and "stats" when asked for. At most `limit` series (0 = all).
enum class StatsWanted : uint8_t { kNone, kTotals, kPerStep };
struct ResultOptions {
  size_t limit = 0;
  StatsWanted stats = StatsWanted::kNone;
};
void WriteQueryResult(const query::QueryResult& result, const ResultOptions& options,
                      JsonWriter& json);

// Series in the answer; 0 for scalars and strings.
size_t SeriesCount(const query::QueryResult& result);

// [{"seriesLabels":{...},"exemplars":[{"labels":{...},"value":"..","timestamp":..},...]},...]
void WriteExemplars(const std::vector<storage::SelectedExemplars>& series, JsonWriter& json);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_PROMETHEUS_RESULT_JSON_H_
