// Answers one LogQL query over a log source.
#ifndef TIDEGATE_QUERY_LOGQL_ENGINE_ENGINE_H_
#define TIDEGATE_QUERY_LOGQL_ENGINE_ENGINE_H_

#include "absl/status/statusor.h"
#include "model/request_context.h"
#include "query/log_query_service.h"
#include "query/logql/engine/query_limits.h"
#include "query/vector/budget.h"
#include "storage/log_source.h"

namespace tidegate::logql {

struct EngineOptions {
  query::BudgetLimits limits;
  QueryLimits query_limits;
  query::MemoryPool* memory = nullptr;  // Of all queries; may be null.
};

// Log queries give streams, metric queries a matrix over start, start + step, ... <= end. The
// source is asked on the caller's thread. Errors: log_query_service.h.
absl::StatusOr<query::LogQueryResult> RunRangeQuery(const model::RequestContext& context,
                                                    const query::LogRangeRequest& request,
                                                    storage::LogSource& source,
                                                    const EngineOptions& options);

// Metric queries only: a vector, or a scalar. InvalidArgument for log queries.
absl::StatusOr<query::LogQueryResult> RunInstantQuery(const model::RequestContext& context,
                                                      const query::LogInstantRequest& request,
                                                      storage::LogSource& source,
                                                      const EngineOptions& options);

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_ENGINE_ENGINE_H_
