// Trees as JSON, for /api/v1/parse_query.
#ifndef TIDEGATE_QUERY_PROMQL_SYNTAX_RENDER_JSON_AST_H_
#define TIDEGATE_QUERY_PROMQL_SYNTAX_RENDER_JSON_AST_H_

#include <string>

#include "query/promql/syntax/ast.h"

namespace tidegate::promql {

// Objects with Prometheus' keys, in alphabetical order; `type` names the kind of node. Durations
// are milliseconds. Bytes that are not UTF-8 become U+FFFD, fill values that JSON cannot hold null.
std::string ToJson(const Expr& expr);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_SYNTAX_RENDER_JSON_AST_H_
