// Query results as Loki's JSON.
#ifndef TIDEGATE_API_LOKI_LOG_RESULT_JSON_H_
#define TIDEGATE_API_LOKI_LOG_RESULT_JSON_H_

#include <string_view>

#include "api/json/json_writer.h"
#include "query/log_query_service.h"

namespace tidegate::api {

// Header X-Loki-Response-Encoding-Flags: a list with commas.
inline constexpr std::string_view kEncodingFlags = "X-Loki-Response-Encoding-Flags";
inline constexpr std::string_view kCategorizeLabels = "categorize-labels";

bool WantsCategorizedLabels(std::string_view encoding_flags);

// The value of "data": {"resultType","encodingFlags"?,"result","stats"}. With categorized labels a
// stream has its own labels only, and each entry a third element with its structured metadata and
// parsed labels.
void WriteLogQueryResult(const query::LogQueryResult& result, bool categorize, JsonWriter& json);

// The list of streams alone.
void WriteStreams(const std::vector<query::LogStream>& streams, bool categorize, JsonWriter& json);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_LOKI_LOG_RESULT_JSON_H_
