// How large a query may be. What is larger is an error like any other, found before it costs much.
#ifndef TIDEGATE_QUERY_PROMQL_SYNTAX_LIMITS_H_
#define TIDEGATE_QUERY_PROMQL_SYNTAX_LIMITS_H_

#include <cstddef>
#include <cstdint>

namespace tidegate::promql {

// Longest accepted text, in bytes.
inline constexpr size_t kMaxQueryBytes = size_t{1} << 20;

// Deepest nesting of parentheses, calls, signs and right-associative operators.
inline constexpr int kMaxNesting = 400;

// Tallest tree (Expr::height), which a long chain such as `a or b or c ...` also makes.
inline constexpr int32_t kMaxTreeHeight = 2000;

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_SYNTAX_LIMITS_H_
