// Strings as PromQL and its messages write them: Go's rules for quoted literals.
#ifndef TIDEGATE_QUERY_PROMQL_SYNTAX_LEX_QUOTING_H_
#define TIDEGATE_QUERY_PROMQL_SYNTAX_LEX_QUOTING_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tidegate::promql {

// "text" in double quotes. Control characters, invisible characters and bytes that are not UTF-8 are
// escaped, so that unquoting gives the same bytes back. Code points that Unicode has not assigned
// count as visible (Go escapes them; both forms mean the same string).
std::string Quote(std::string_view text);

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
