// Characters as the grammar classes them. Everything beyond ASCII is of no class.
#ifndef TIDEGATE_QUERY_PROMQL_SYNTAX_LEX_CHARACTERS_H_
#define TIDEGATE_QUERY_PROMQL_SYNTAX_LEX_CHARACTERS_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace tidegate::promql {

constexpr bool IsSpace(int32_t c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
constexpr bool IsDigit(int32_t c) { return c >= '0' && c <= '9'; }
constexpr bool IsAlpha(int32_t c) {
  return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr bool IsAlphaNumeric(int32_t c) { return IsAlpha(c) || IsDigit(c); }

// The value of a hexadecimal digit, 16 for anything else.
constexpr int HexDigitValue(int32_t c) {
  if (IsDigit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 16;
}

inline std::string AsciiLower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_SYNTAX_LEX_CHARACTERS_H_
