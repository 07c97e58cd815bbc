// What the grammar cannot see: types of operands and arguments, vector matching, empty selectors.
#ifndef TIDEGATE_QUERY_PROMQL_SYNTAX_PARSE_TYPE_CHECK_H_
#define TIDEGATE_QUERY_PROMQL_SYNTAX_PARSE_TYPE_CHECK_H_

#include <optional>
#include <string_view>

#include "query/promql/syntax/ast.h"
#include "query/promql/syntax/parse_error.h"

namespace tidegate::promql {

// The first fault in a tree as the grammar made it, in the order in which Prometheus looks; `query`
// is its text. Completes the tree on the way: set operations become many-to-many, and vector
// matching is dropped where one side is no vector.
std::optional<ParseError> CheckTypes(std::string_view query, Expr* expr);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_SYNTAX_PARSE_TYPE_CHECK_H_
