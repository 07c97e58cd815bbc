// Characters as the grammar classes them: ASCII letters and digits, and UTF-8 sequences.
#ifndef TIDEGATE_QUERY_PROMQL_SYNTAX_LEX_CHARACTERS_H_
#define TIDEGATE_QUERY_PROMQL_SYNTAX_LEX_CHARACTERS_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace tidegate::promql {

inline constexpr int32_t kRuneError = 0xFFFD;
inline constexpr int32_t kMaxRune = 0x10FFFF;

// A decoded character. Bytes that are not UTF-8 decode to kRuneError one at a time; `valid` tells
// them from a well-formed U+FFFD. The empty input has width 0.
struct Rune {
  int32_t value = kRuneError;
  int32_t width = 0;
  bool valid = false;
};

// The first character of `bytes`. Overlong forms, surrogates and values above kMaxRune are invalid.
Rune DecodeRune(std::string_view bytes);

// Appends `rune` as UTF-8; kRuneError for a value that is no character.
void AppendRune(int32_t rune, std::string* out);

bool IsValidUtf8(std::string_view bytes);

constexpr bool IsSpace(int32_t c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
constexpr bool IsDigit(int32_t c) { return c >= '0' && c <= '9'; }
constexpr bool IsAlpha(int32_t c) {
  return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr bool IsAlphaNumeric(int32_t c) { return IsAlpha(c) || IsDigit(c); }

// The value of a hexadecimal digit, 16 for anything else.
int HexDigitValue(int32_t c);

std::string AsciiLower(std::string_view text);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_SYNTAX_LEX_CHARACTERS_H_
