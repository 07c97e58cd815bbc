// sum, topk and their like: over the series of each step.
#ifndef TIDEGATE_QUERY_LOGQL_METRIC_VECTOR_AGGREGATION_H_
#define TIDEGATE_QUERY_LOGQL_METRIC_VECTOR_AGGREGATION_H_

#include <vector>

#include "query/logql/metric/metric_series.h"
#include "query/logql/syntax/ast.h"

namespace tidegate::logql {

// `aggregation.inner` is not looked at: `series` are its values. Without a grouping all series are
// one group. topk and bottomk keep the labels of what they choose; approx_topk is exact here; sort
// orders by the last step. Source: Loki's pkg/logql/evaluator.go (VectorAggEvaluator).
std::vector<MetricSeries> AggregateSeries(const VectorAggregation& aggregation,
                                          std::vector<MetricSeries> series);

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_METRIC_VECTOR_AGGREGATION_H_
