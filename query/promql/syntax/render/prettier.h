// Long expressions over several lines, as /api/v1/format_query shows them.
#ifndef TIDEGATE_QUERY_PROMQL_SYNTAX_RENDER_PRETTIER_H_
#define TIDEGATE_QUERY_PROMQL_SYNTAX_RENDER_PRETTIER_H_

#include <cstddef>
#include <string>

#include "query/promql/syntax/ast.h"

namespace tidegate::promql {

// Prometheus' line width, in bytes.
inline constexpr size_t kPrettyWidth = 100;

// A node whose canonical text is longer than `width` bytes is broken at its operator or
// parentheses, its parts indented by two spaces a level; shorter ones stay on one line. Layout is
// Prometheus'.
std::string Prettify(const Expr& expr, size_t width = kPrettyWidth);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_SYNTAX_RENDER_PRETTIER_H_
