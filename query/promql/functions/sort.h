// The order of an instant query's answer. Range queries are always ordered by labels.
#ifndef TIDEGATE_QUERY_PROMQL_FUNCTIONS_SORT_H_
#define TIDEGATE_QUERY_PROMQL_FUNCTIONS_SORT_H_

#include <string_view>

#include "query/promql/functions/function.h"

namespace tidegate::promql {

// By value, NaN last; histograms are dropped.
absl::StatusOr<Value> Sort(InstantCall& call);
absl::StatusOr<Value> SortDesc(InstantCall& call);
// By the named labels in natural order ("a2" before "a10"), then by all labels.
absl::StatusOr<Value> SortByLabel(InstantCall& call);
absl::StatusOr<Value> SortByLabelDesc(InstantCall& call);

// Whether `a` comes before `b` when digits are read as numbers.
bool NaturalLess(std::string_view a, std::string_view b);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_FUNCTIONS_SORT_H_
