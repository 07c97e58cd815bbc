// Literals in quotes, and characters as messages write them. Quoting whole strings is in
// model/quote.h.
#ifndef TIDEGATE_QUERY_PROMQL_SYNTAX_LEX_QUOTING_H_
#define TIDEGATE_QUERY_PROMQL_SYNTAX_LEX_QUOTING_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tidegate::promql {

// 'c' in single quotes. A value that is no character (the end of the input is -1) gives '�'.
std::string QuoteRune(int32_t rune);

// U+0063 'c', without the second part for an invisible character.
std::string DescribeRune(int32_t rune);

// The bytes a literal in double, single or back quotes stands for. std::nullopt if it is not closed
// or holds an escape that the lexer would have refused.
std::optional<std::string> Unquote(std::string_view literal);

// Whether `name` can be written without quotes: [a-zA-Z_:][a-zA-Z0-9_:]* for metrics,
// [a-zA-Z_][a-zA-Z0-9_]* for labels.
bool IsPlainMetricName(std::string_view name);
bool IsPlainLabelName(std::string_view name);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_SYNTAX_LEX_QUOTING_H_
