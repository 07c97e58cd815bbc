// rate, increase, delta: the change over a window, extrapolated to its borders.
#ifndef TIDEGATE_QUERY_PROMQL_FUNCTIONS_RATE_H_
#define TIDEGATE_QUERY_PROMQL_FUNCTIONS_RATE_H_

#include "query/promql/functions/function.h"

namespace tidegate::promql {

// Extrapolate to the borders of the window; with `anchored` or `smoothed` selectors they use the
// samples at or around the borders instead (extended_rate.h).
std::unique_ptr<RangeFunction> Rate(const RangeCall& call);
std::unique_ptr<RangeFunction> Increase(const RangeCall& call);
std::unique_ptr<RangeFunction> Delta(const RangeCall& call);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_FUNCTIONS_RATE_H_
