// Instant selectors: the newest sample within the lookback, at every step.
#ifndef TIDEGATE_QUERY_PROMQL_EXEC_INSTANT_SELECTOR_H_
#define TIDEGATE_QUERY_PROMQL_EXEC_INSTANT_SELECTOR_H_

#include "absl/status/statusor.h"
#include "query/promql/exec/query_context.h"
#include "query/promql/exec/selector_data.h"
#include "query/promql/syntax/ast.h"
#include "query/promql/value/value.h"

namespace tidegate::promql {

// What is taken from the sample that a step sees.
enum class SampleField {
  kValue,
  kTimestamp,       // Seconds.
  kStartTimestamp,  // Seconds; 0 when it is not known.
};

absl::StatusOr<Value> EvaluateSelector(const VectorSelector& selector, const StepGrid& grid,
                                       QueryContext& context);

// timestamp() and start_timestamp() of a selector.
absl::StatusOr<Value> EvaluateSelectorField(const VectorSelector& selector, SampleField field,
                                            const StepGrid& grid, QueryContext& context);

// The samples of loaded series at the times that the steps of a grid look at.
struct InstantTimes {
  StepGrid grid;
  int64_t offset_ms = 0;
  std::optional<model::TimestampMs> at;
  int64_t lookback_ms = 0;

  model::TimestampMs operator[](size_t step) const {
    return at.value_or(grid.at(step)) - offset_ms;
  }
};
absl::StatusOr<StepVector> SelectInstants(const LoadedVector& loaded, const InstantTimes& times,
                                          SampleField field, const QueryContext& context);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_EXEC_INSTANT_SELECTOR_H_
