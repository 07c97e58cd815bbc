// The words of PromQL, for those who list what works.
#ifndef TIDEGATE_QUERY_PROMQL_VOCABULARY_H_
#define TIDEGATE_QUERY_PROMQL_VOCABULARY_H_

#include <string_view>
#include <vector>

namespace tidegate::query {

// Names of all functions, sorted.
std::vector<std::string_view> PromqlFunctions();

// Operators as they are written, binary, aggregating and matching ones and `@`, sorted.
std::vector<std::string_view> PromqlOperators();

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_PROMQL_VOCABULARY_H_
