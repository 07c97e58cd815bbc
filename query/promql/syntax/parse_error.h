// Where and why a text does not parse.
#ifndef TIDEGATE_QUERY_PROMQL_SYNTAX_PARSE_ERROR_H_
#define TIDEGATE_QUERY_PROMQL_SYNTAX_PARSE_ERROR_H_

#include <string>
#include <string_view>

#include "query/promql/syntax/ast.h"

namespace tidegate::promql {

// The first fault found. Prometheus collects several but shows only the first.
struct ParseError {
  PositionRange position;  // bytes of the parsed text
  std::string message;
};

// "1:5: parse error: unexpected ...": line and column of the start, both from 1, columns in bytes.
// `text` is the parsed text. For an empty text the position is "unknown position", as Prometheus
// says it.
std::string FormatParseError(const ParseError& error, std::string_view text);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_SYNTAX_PARSE_ERROR_H_
