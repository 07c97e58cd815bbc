// LogQL over several lines, for people.
#ifndef TIDEGATE_QUERY_LOGQL_SYNTAX_PRETTIER_H_
#define TIDEGATE_QUERY_LOGQL_SYNTAX_PRETTIER_H_

#include <cstddef>
#include <string>

#include "query/logql/syntax/ast.h"

namespace tidegate::logql {

inline constexpr size_t kPrettyWidth = 100;

// What is longer than `width` bytes on one line (printer.h) is split, two blanks deeper a level:
// stages and operands on lines of their own. Parses to the same tree again: parentheses stand where
// the precedence of operators needs them, which Loki's prettier leaves out.
std::string Prettify(const Expr& expr, size_t width = kPrettyWidth);

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_SYNTAX_PRETTIER_H_
