// From a tree back to LogQL, on one line.
#ifndef TIDEGATE_QUERY_LOGQL_SYNTAX_PRINTER_H_
#define TIDEGATE_QUERY_LOGQL_SYNTAX_PRINTER_H_

#include <string>
#include <vector>

#include "query/logql/syntax/ast.h"

namespace tidegate::logql {

// Parses to the same tree again. Texts are quoted as Go quotes, operators stand in parentheses, as
// Loki's String methods have it. The tree must come from the parser.
std::string ToString(const Expr& expr);
std::string ToString(const SampleExpr& expr);
std::string ToString(const Stage& stage);
std::string ToString(const LabelFilter& filter);
std::string ToString(const LogRange& range);

// {job="loki", instance="localhost"}
std::string SelectorText(const std::vector<model::Matcher>& matchers);
// | unwrap duration(took)
std::string UnwrapText(const Unwrap& unwrap);
// [5m] offset 1h
std::string RangeText(const LogRange& range);
// `by (a,b)`: names with `separator` between them.
std::string GroupingText(const Grouping& grouping, const char* separator);
// >= bool on (a) group_left (b)
std::string OperatorText(const BinaryExpr& binary);

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_SYNTAX_PRINTER_H_
