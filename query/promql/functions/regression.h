// Trends: straight lines through the floats of a window, and exponential smoothing.
#ifndef TIDEGATE_QUERY_PROMQL_FUNCTIONS_REGRESSION_H_
#define TIDEGATE_QUERY_PROMQL_FUNCTIONS_REGRESSION_H_

#include "query/promql/functions/function.h"

namespace tidegate::promql {

// At least two floats. Histograms beside floats are ignored with an info.
std::unique_ptr<RangeFunction> Deriv(const RangeCall& call);
std::unique_ptr<RangeFunction> PredictLinear(const RangeCall& call);
// FailedPrecondition when a factor is not between 0 and 1.
std::unique_ptr<RangeFunction> DoubleExponentialSmoothing(const RangeCall& call);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_FUNCTIONS_REGRESSION_H_
