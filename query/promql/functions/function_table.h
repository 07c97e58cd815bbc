// The table of contents of this room: every function and who implements it.
#ifndef TIDEGATE_QUERY_PROMQL_FUNCTIONS_FUNCTION_TABLE_H_
#define TIDEGATE_QUERY_PROMQL_FUNCTIONS_FUNCTION_TABLE_H_

#include <string_view>

#include "query/promql/functions/function.h"

namespace tidegate::promql {

// Exactly one of the two is set, except for functions that the evaluator handles itself (they need
// more than their evaluated arguments): those are not in the table.
struct FunctionImplementation {
  std::string_view name;
  InstantFunction instant = nullptr;
  RangeFunctionFactory range = nullptr;
};

// nullptr when the function is not in the table.
const FunctionImplementation* FindImplementation(std::string_view name);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_FUNCTIONS_FUNCTION_TABLE_H_
