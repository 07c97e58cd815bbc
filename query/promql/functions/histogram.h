// Functions of native histograms, one at a time.
#ifndef TIDEGATE_QUERY_PROMQL_FUNCTIONS_HISTOGRAM_H_
#define TIDEGATE_QUERY_PROMQL_FUNCTIONS_HISTOGRAM_H_

#include "query/promql/functions/function.h"

namespace tidegate::promql {

// Floats are dropped.
absl::StatusOr<Value> HistogramCount(InstantCall& call);
absl::StatusOr<Value> HistogramSumOf(InstantCall& call);
absl::StatusOr<Value> HistogramAvg(InstantCall& call);
absl::StatusOr<Value> HistogramStddev(InstantCall& call);
absl::StatusOr<Value> HistogramStdvar(InstantCall& call);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_FUNCTIONS_HISTOGRAM_H_
