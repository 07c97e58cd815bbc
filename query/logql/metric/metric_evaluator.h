// Evaluates the tree of a metric query over a grid.
#ifndef TIDEGATE_QUERY_LOGQL_METRIC_METRIC_EVALUATOR_H_
#define TIDEGATE_QUERY_LOGQL_METRIC_METRIC_EVALUATOR_H_

#include <optional>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "model/request_context.h"
#include "query/log_query_service.h"
#include "query/logql/metric/metric_series.h"
#include "query/logql/syntax/ast.h"
#include "query/vector/budget.h"
#include "storage/log_source.h"

namespace tidegate::logql {

// A number for all steps (literals only), or series without repeated labels, in no particular order
// unless the outermost expression sorts.
using MetricValue = std::variant<double, std::vector<MetricSeries>>;

// Lives for one query. Everything it refers to must outlive it.
class MetricEvaluator {
 public:
  MetricEvaluator(const model::RequestContext& context, const MetricGrid& grid,
                  storage::LogSource* source, query::Budget* budget)
      : context_(context), grid_(grid), source_(*source), budget_(*budget) {}

  // Errors: log_query_service.h.
  absl::StatusOr<MetricValue> Evaluate(const SampleExpr& expr);

  const query::LogQueryStats& stats() const { return stats_; }

 private:
  absl::StatusOr<MetricValue> Range(const RangeAggregation& aggregation,
                                    const std::optional<Grouping>& grouping);
  absl::StatusOr<MetricValue> Vector(const VectorAggregation& aggregation);
  absl::StatusOr<MetricValue> Binary(const BinaryExpr& binary);
  absl::StatusOr<MetricValue> Replace(const LabelReplaceExpr& replace);
  absl::StatusOr<std::vector<MetricSeries>> Series(const SampleExpr& expr);

  const model::RequestContext& context_;
  const MetricGrid grid_;
  storage::LogSource& source_;
  query::Budget& budget_;
  query::LogQueryStats stats_;
};

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_METRIC_METRIC_EVALUATOR_H_
