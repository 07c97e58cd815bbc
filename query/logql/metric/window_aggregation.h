// count_over_time and its like: from samples to one value a step.
#ifndef TIDEGATE_QUERY_LOGQL_METRIC_WINDOW_AGGREGATION_H_
#define TIDEGATE_QUERY_LOGQL_METRIC_WINDOW_AGGREGATION_H_

#include <optional>
#include <vector>

#include "query/logql/metric/metric_series.h"
#include "query/logql/metric/step_totals.h"
#include "query/logql/syntax/ast.h"

namespace tidegate::logql {

// What count_over_time, rate, bytes_over_time and bytes_rate make of totals: no value where nothing
// is.
std::vector<std::optional<double>> AggregateTotals(const RangeAggregation& aggregation,
                                                   const StepTotals& totals);

// One series over the grid. The window of a step T is (T - offset - range, T - offset]; a step
// whose window holds no sample has no value. Not for absent_over_time. Sums are
// added up in the order of time. Source: Loki's pkg/logql/range_vector.go.
std::vector<std::optional<double>> AggregateWindows(const RangeAggregation& aggregation,
                                                    const MetricGrid& grid,
                                                    const std::vector<RangeSample>& samples);

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_METRIC_WINDOW_AGGREGATION_H_
