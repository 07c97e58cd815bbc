// absent and absent_over_time.
#ifndef TIDEGATE_QUERY_PROMQL_FUNCTIONS_ABSENT_H_
#define TIDEGATE_QUERY_PROMQL_FUNCTIONS_ABSENT_H_

#include "query/promql/functions/function.h"

namespace tidegate::promql {

// 1 at the steps at which the argument has no sample at all.
absl::StatusOr<Value> Absent(InstantCall& call);

// The same for vectors that were computed elsewhere: 1 where no series of `vector` has a sample.
// The labels of the answer are those that the selector `arg` demands with `=` exactly once.
StepVector AbsentSteps(const StepVector& vector, size_t steps, const Expr& arg);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_FUNCTIONS_ABSENT_H_
