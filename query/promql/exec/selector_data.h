// The samples that the selectors of a query ask for, loaded before anything is computed.
#ifndef TIDEGATE_QUERY_PROMQL_EXEC_SELECTOR_DATA_H_
#define TIDEGATE_QUERY_PROMQL_EXEC_SELECTOR_DATA_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "model/labels.h"
#include "model/matcher.h"
#include "model/sample.h"
#include "query/promql/exec/query_context.h"
#include "query/promql/syntax/ast.h"
#include "query/promql/value/range_series.h"
#include "storage/series_source.h"

namespace tidegate::promql {

// The samples of a series that are no stale markers.
struct LiveColumns {
  std::vector<model::TimestampMs> times;
  std::vector<double> values;
  std::vector<model::TimestampMs> start_times;  // Empty or parallel to `times`.
  std::vector<HistogramAt> histograms;
};

// One series as it was loaded. Immutable.
struct LoadedSeries {
  model::Labels labels;
  storage::TimeColumn times;
  std::vector<double> values;
  std::vector<model::TimestampMs> start_times;  // Empty or parallel to `times`.
  std::vector<HistogramAt> histograms;
  // The same without stale markers, what range selectors see; null when there are none.
  std::shared_ptr<LiveColumns> live;

  RangeSeries AsRange() const;
};

// Sorted by labels.
using LoadedVector = std::vector<LoadedSeries>;

// Loads one selection. Errors of the source, and ResourceExhausted from the budget.
absl::StatusOr<LoadedVector> LoadSeries(const QueryContext& context,
                                        const std::vector<model::Matcher>& matchers,
                                        const model::TimeRange& range);

// All selectors of a query. Selectors with the same matchers whose times touch are loaded once.
// Immutable once loaded.
class SelectorData {
 public:
  static absl::StatusOr<SelectorData> Load(const Expr& expr, const query::StepGrid& grid,
                                           const QueryContext& context);

  // The selector must belong to the expression.
  const LoadedVector& Of(const VectorSelector& selector) const {
    return *by_selector_.at(&selector);
  }

 private:
  absl::flat_hash_map<const VectorSelector*, std::shared_ptr<const LoadedVector>> by_selector_;
};

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_EXEC_SELECTOR_DATA_H_
