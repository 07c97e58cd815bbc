// irate and idelta: the last two samples of a window.
#ifndef TIDEGATE_QUERY_PROMQL_FUNCTIONS_INSTANT_RATE_H_
#define TIDEGATE_QUERY_PROMQL_FUNCTIONS_INSTANT_RATE_H_

#include "query/promql/functions/function.h"

namespace tidegate::promql {

// irate is per second and counts a counter reset as a start from zero.
std::unique_ptr<RangeFunction> Irate(const RangeCall& call);
std::unique_ptr<RangeFunction> Idelta(const RangeCall& call);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_FUNCTIONS_INSTANT_RATE_H_
