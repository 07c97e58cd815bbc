// Between scalars and vectors.
#ifndef TIDEGATE_QUERY_PROMQL_FUNCTIONS_CONVERSION_H_
#define TIDEGATE_QUERY_PROMQL_FUNCTIONS_CONVERSION_H_

#include "query/promql/functions/function.h"

namespace tidegate::promql {

// A series without labels.
absl::StatusOr<Value> VectorOf(InstantCall& call);
// The only float of the vector; NaN when there is none or more than one.
absl::StatusOr<Value> ScalarOf(InstantCall& call);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_FUNCTIONS_CONVERSION_H_
