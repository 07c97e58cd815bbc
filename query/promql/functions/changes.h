// changes and resets: counting what happens from sample to sample.
#ifndef TIDEGATE_QUERY_PROMQL_FUNCTIONS_CHANGES_H_
#define TIDEGATE_QUERY_PROMQL_FUNCTIONS_CHANGES_H_

#include "query/promql/functions/function.h"

namespace tidegate::promql {

// A step from a float to a histogram or back counts as a change and as a reset. Anchored selectors
// begin with the last sample at or before the window.
std::unique_ptr<RangeFunction> Changes(const RangeCall& call);
std::unique_ptr<RangeFunction> Resets(const RangeCall& call);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_FUNCTIONS_CHANGES_H_
