// Time and calendar (UTC, proleptic Gregorian).
#ifndef TIDEGATE_QUERY_PROMQL_FUNCTIONS_TIME_H_
#define TIDEGATE_QUERY_PROMQL_FUNCTIONS_TIME_H_

#include "query/promql/functions/function.h"

namespace tidegate::promql {

// Seconds of the evaluation time.
absl::StatusOr<Value> Time(InstantCall& call);

// Without an argument they look at the evaluation time.
absl::StatusOr<Value> DaysInMonth(InstantCall& call);
absl::StatusOr<Value> DayOfMonth(InstantCall& call);
absl::StatusOr<Value> DayOfWeek(InstantCall& call);
absl::StatusOr<Value> DayOfYear(InstantCall& call);
absl::StatusOr<Value> Hour(InstantCall& call);
absl::StatusOr<Value> Minute(InstantCall& call);
absl::StatusOr<Value> Month(InstantCall& call);
absl::StatusOr<Value> Year(InstantCall& call);

// The evaluation time of every sample: timestamp() of an expression that is not a selector.
absl::StatusOr<Value> TimestampOfExpression(InstantCall& call);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_FUNCTIONS_TIME_H_
