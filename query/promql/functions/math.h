// Functions that map each float on its own: rounding, logarithms, clamps.
#ifndef TIDEGATE_QUERY_PROMQL_FUNCTIONS_MATH_H_
#define TIDEGATE_QUERY_PROMQL_FUNCTIONS_MATH_H_

#include "query/promql/functions/function.h"

namespace tidegate::promql {

// Histograms are dropped by all of them, the metric name leaves at the end of the query.
absl::StatusOr<Value> Abs(InstantCall& call);
absl::StatusOr<Value> Ceil(InstantCall& call);
absl::StatusOr<Value> Floor(InstantCall& call);
absl::StatusOr<Value> Exp(InstantCall& call);
absl::StatusOr<Value> Sqrt(InstantCall& call);
absl::StatusOr<Value> Ln(InstantCall& call);
absl::StatusOr<Value> Log2(InstantCall& call);
absl::StatusOr<Value> Log10(InstantCall& call);
absl::StatusOr<Value> Sgn(InstantCall& call);
absl::StatusOr<Value> Round(InstantCall& call);
absl::StatusOr<Value> Clamp(InstantCall& call);
absl::StatusOr<Value> ClampMin(InstantCall& call);
absl::StatusOr<Value> ClampMax(InstantCall& call);

// Scalars.
absl::StatusOr<Value> MaxOf(InstantCall& call);
absl::StatusOr<Value> MinOf(InstantCall& call);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_FUNCTIONS_MATH_H_
