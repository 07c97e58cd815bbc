// The functions of PromQL: names, argument types, result types. One table of 90 rows; the type
// checker, the printer of the JSON tree and the evaluator's registration all read it.
//
// Rules and rows follow Prometheus 3.14. Experimental functions are always available here; the flag
// only records what Prometheus hides behind a switch.
#ifndef TIDEGATE_QUERY_PROMQL_SYNTAX_FUNCTION_SIGNATURES_H_
#define TIDEGATE_QUERY_PROMQL_SYNTAX_FUNCTION_SIGNATURES_H_

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "query/promql/syntax/value_type.h"

namespace tidegate::promql {

// One row. Immutable and alive for the whole process, so that nodes point to it.
struct FunctionSignature {
  static constexpr int kMaxArgTypes = 5;

  std::string_view name;

  // The declared argument types are arg_types[0, arg_type_count). If `variadic` is not 0 the last
  // of them may be left out or, for a repeated one, stands for every further argument.
  std::array<ValueType, kMaxArgTypes> arg_types;
  int arg_type_count;

  // 0: exactly arg_type_count arguments.
  // n > 0: from arg_type_count - 1 to arg_type_count - 1 + n arguments.
  // -1: at least arg_type_count - 1 arguments, no upper bound.
  int variadic;

  ValueType return_type;
  bool experimental;

  std::span<const ValueType> declared_arg_types() const {
    return std::span<const ValueType>(arg_types.data(), static_cast<size_t>(arg_type_count));
  }
};

// All rows, ordered by name.
std::span<const FunctionSignature> AllFunctions();

// The row of `name` (case-sensitive), or nullptr if there is no such function. O(log n), no
// allocation, safe from any thread.
const FunctionSignature* FindFunction(std::string_view name);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_SYNTAX_FUNCTION_SIGNATURES_H_
