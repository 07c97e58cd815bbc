// What Logs Drilldown asks for before it asks a query: fields, values and patterns of lines.
#ifndef TIDEGATE_QUERY_LOGQL_DETECT_DETECT_H_
#define TIDEGATE_QUERY_LOGQL_DETECT_DETECT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "model/request_context.h"
#include "query/log_query_service.h"
#include "query/logql/detect/field_detector.h"
#include "query/logql/engine/engine.h"
#include "storage/log_source.h"

namespace tidegate::logql {

// Looks at the newest `request.line_limit` entries of a log query. InvalidArgument for a metric
// query; other errors: log_query_service.h.
absl::StatusOr<FieldDetector> DetectFields(const model::RequestContext& context,
                                           const query::DetectedFieldsRequest& request,
                                           storage::LogSource& source,
                                           const EngineOptions& options);

// Of all lines of a log query in the range, counted a step; `step_ns` > 0. Errors as above.
absl::StatusOr<std::vector<query::LogPattern>> FindPatterns(
    const model::RequestContext& context, const std::string& query, storage::LogRange range,
    int64_t step_ns, storage::LogSource& source, const EngineOptions& options);

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_DETECT_DETECT_H_
