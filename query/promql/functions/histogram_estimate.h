// Quantiles and fractions, of native histograms and of classic ones (a float series per `le`).
#ifndef TIDEGATE_QUERY_PROMQL_FUNCTIONS_HISTOGRAM_ESTIMATE_H_
#define TIDEGATE_QUERY_PROMQL_FUNCTIONS_HISTOGRAM_ESTIMATE_H_

#include "query/promql/functions/function.h"

namespace tidegate::promql {

absl::StatusOr<Value> HistogramQuantileOf(InstantCall& call);
// One series per quantile, told apart by the given label.
absl::StatusOr<Value> HistogramQuantiles(InstantCall& call);
absl::StatusOr<Value> HistogramFractionOf(InstantCall& call);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_FUNCTIONS_HISTOGRAM_ESTIMATE_H_
