// Answers one PromQL query. The door of this room.
#ifndef TIDEGATE_QUERY_PROMQL_ENGINE_H_
#define TIDEGATE_QUERY_PROMQL_ENGINE_H_

#include <cstdint>
#include <string_view>

#include "absl/status/statusor.h"
#include "model/request_context.h"
#include "query/query_result.h"
#include "query/vector/budget.h"
#include "query/vector/pacer.h"
#include "query/vector/step_grid.h"
#include "storage/series_source.h"

namespace tidegate::promql {

struct QueryOptions {
  int64_t lookback_ms = 5 * 60 * 1000;
  int64_t default_subquery_step_ms = 60 * 1000;
  query::BudgetLimits limits;
  query::MemoryPool* memory = nullptr;  // Of all queries; may be null.
  query::Pacer* pacer = nullptr;        // May be null.
  bool count_steps = false;             // Fill in what the steps looked at.
};

// Evaluates at one point in time. `grid.start` is that point. The source must be thread safe; it is
// asked on the caller's thread. Errors are those of query_service.h.
absl::StatusOr<query::QueryResult> RunInstantQuery(std::string_view query, model::TimestampMs time,
                                                   const model::RequestContext& request,
                                                   storage::SeriesSource& source,
                                                   const QueryOptions& options);

// Evaluates over a grid of at least one step. InvalidArgument for strings and range vectors.
absl::StatusOr<query::QueryResult> RunRangeQuery(std::string_view query,
                                                 const query::StepGrid& grid,
                                                 const model::RequestContext& request,
                                                 storage::SeriesSource& source,
                                                 const QueryOptions& options);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_ENGINE_H_
