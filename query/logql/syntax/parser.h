// From a LogQL text to its tree.
#ifndef TIDEGATE_QUERY_LOGQL_SYNTAX_PARSER_H_
#define TIDEGATE_QUERY_LOGQL_SYNTAX_PARSER_H_

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "model/matcher.h"
#include "query/logql/syntax/ast.h"

namespace tidegate::logql {

// Parses and validates. InvalidArgument with "parse error ..." in Loki's form. Nesting is bounded:
// deeper than kMaxDepth is an error too.
absl::StatusOr<Expr> ParseExpr(std::string_view query);

// A selector alone, without a pipeline: for the label APIs. `{}` is every stream.
absl::StatusOr<std::vector<model::Matcher>> ParseSelector(std::string_view text);

inline constexpr int kMaxDepth = 200;

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_SYNTAX_PARSER_H_
