// Functions that rewrite labels.
#ifndef TIDEGATE_QUERY_PROMQL_FUNCTIONS_LABEL_H_
#define TIDEGATE_QUERY_PROMQL_FUNCTIONS_LABEL_H_

#include "query/promql/functions/function.h"

namespace tidegate::promql {

// Both keep samples as they are and join series whose labels become equal; setting __name__ also
// keeps the name that would otherwise be dropped at the end.
absl::StatusOr<Value> LabelReplace(InstantCall& call);
absl::StatusOr<Value> LabelJoin(InstantCall& call);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_FUNCTIONS_LABEL_H_
