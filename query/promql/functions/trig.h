// Trigonometric functions; angles are radians.
#ifndef TIDEGATE_QUERY_PROMQL_FUNCTIONS_TRIG_H_
#define TIDEGATE_QUERY_PROMQL_FUNCTIONS_TRIG_H_

#include "query/promql/functions/function.h"

namespace tidegate::promql {

absl::StatusOr<Value> Sin(InstantCall& call);
absl::StatusOr<Value> Cos(InstantCall& call);
absl::StatusOr<Value> Tan(InstantCall& call);
absl::StatusOr<Value> Asin(InstantCall& call);
absl::StatusOr<Value> Acos(InstantCall& call);
absl::StatusOr<Value> Atan(InstantCall& call);
absl::StatusOr<Value> Sinh(InstantCall& call);
absl::StatusOr<Value> Cosh(InstantCall& call);
absl::StatusOr<Value> Tanh(InstantCall& call);
absl::StatusOr<Value> Asinh(InstantCall& call);
absl::StatusOr<Value> Acosh(InstantCall& call);
absl::StatusOr<Value> Atanh(InstantCall& call);
absl::StatusOr<Value> Rad(InstantCall& call);
absl::StatusOr<Value> Deg(InstantCall& call);
absl::StatusOr<Value> Pi(InstantCall& call);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_FUNCTIONS_TRIG_H_
