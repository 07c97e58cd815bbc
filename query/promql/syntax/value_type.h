// The four types a PromQL expression can have.
#ifndef TIDEGATE_QUERY_PROMQL_SYNTAX_VALUE_TYPE_H_
#define TIDEGATE_QUERY_PROMQL_SYNTAX_VALUE_TYPE_H_

#include <string_view>

namespace tidegate::promql {

enum class ValueType { kNone, kScalar, kVector, kMatrix, kString };

// How error messages name a type: "scalar", "instant vector", "range vector", "string", "none".
std::string_view DocumentedType(ValueType type);

// How the API names a type: "scalar", "vector", "matrix", "string", "none".
std::string_view ApiTypeName(ValueType type);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_SYNTAX_VALUE_TYPE_H_
