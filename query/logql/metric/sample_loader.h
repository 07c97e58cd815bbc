// From entries to the samples that a range aggregation reads.
#ifndef TIDEGATE_QUERY_LOGQL_METRIC_SAMPLE_LOADER_H_
#define TIDEGATE_QUERY_LOGQL_METRIC_SAMPLE_LOADER_H_

#include <memory>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "model/request_context.h"
#include "query/log_query_service.h"
#include "query/logql/metric/metric_series.h"
#include "query/logql/metric/step_totals.h"
#include "query/logql/syntax/ast.h"
#include "query/vector/budget.h"
#include "storage/log_source.h"

namespace tidegate::logql {

// One series of samples. Aggregations that add up entries or bytes of lines have totals; the
// others, and short series of those, have samples.
struct SampleSeries {
  model::Labels labels;
  std::vector<RangeSample> samples;  // Ascending by time. Empty when there are totals.
  std::unique_ptr<StepTotals> totals;
};

// The time that the windows of the grid cover.
storage::LogRange ReadRange(const LogRange& range, const MetricGrid& grid);

// Everything that the windows of the grid can hold, by `grouping`: the aggregation's own, or that
// of a sum around it. A line counts 1, or its bytes, or the value that is unwrapped.
// InvalidArgument: a stage that does not compile; an entry that carries an error at the end
// ("pipeline error: ..."). ResourceExhausted: the budget. The samples stay counted in it. Adds to
// `stats`.
absl::StatusOr<std::vector<SampleSeries>> LoadSamples(
    const model::RequestContext& context, const RangeAggregation& aggregation,
    const std::optional<Grouping>& grouping, const MetricGrid& grid, storage::LogSource& source,
    query::Budget& budget, query::LogQueryStats* stats);

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_METRIC_SAMPLE_LOADER_H_
