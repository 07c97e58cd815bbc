// Text to tree: the door of this room.
//
// The language is PromQL as Prometheus 3.14 has it, with all experimental syntax and functions on.
// Which texts are accepted, and the message and position of the first fault, are Prometheus'.
//
// All functions are pure and safe from any thread. Time and memory are linear in the text; a text
// that is too long or nested too deeply (limits.h) is an error like any other.
#ifndef TIDEGATE_QUERY_PROMQL_SYNTAX_PARSER_H_
#define TIDEGATE_QUERY_PROMQL_SYNTAX_PARSER_H_

#include <memory>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "model/matcher.h"
#include "query/promql/syntax/ast.h"
#include "query/promql/syntax/parse_error.h"

namespace tidegate::promql {

// A type-checked expression, or nullptr and `*error` (which must not be null).
std::unique_ptr<const Expr> ParseExpression(std::string_view query, ParseError* error);

// The same; the error is InvalidArgument with the text of FormatParseError.
absl::StatusOr<std::unique_ptr<const Expr>> ParseExpr(std::string_view query);

// The matchers of a selector as `match[]` takes it: a name, matchers in braces, or both, and
// nothing else. A selector that matches everything is accepted here; callers decide.
absl::StatusOr<std::vector<model::Matcher>> ParseMetricSelector(std::string_view selector);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_SYNTAX_PARSER_H_
