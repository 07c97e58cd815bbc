#include "query/promql/syntax/lex/quoting.h"

#include <algorithm>

#include "fmt/format.h"
#include "model/quote.h"
#include "query/promql/syntax/lex/characters.h"

namespace tidegate::promql {
namespace {

constexpr int32_t kMaxRune = 0x10FFFF;

std::string Utf8(int32_t rune) {
  std::string text;
  model::AppendUtf8(static_cast<char32_t>(rune), &text);
  return text;
}

// Whether messages show the character itself.
bool IsVisible(int32_t rune) {
  if (rune == '"' || rune == '\\') return true;
  return rune >= 0 && rune <= kMaxRune && model::Quoted(Utf8(rune))[1] != '\\';
}

std::optional<char> UnescapeLetter(char letter) {
  switch (letter) {
    case 'a':
      return '\a';
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case 'v':
      return '\v';
    case '\\':
      return '\\';
    default:
      return std::nullopt;
  }
}

// Reads `count` digits of `base` from the front of `*text`.
std::optional<int32_t> TakeDigits(size_t count, int base, std::string_view* text) {
  if (text->size() < count) return std::nullopt;
  int64_t value = 0;
  for (size_t i = 0; i < count; ++i) {
    const int digit = HexDigitValue((*text)[i]);
    if (digit >= base) return std::nullopt;
    value = value * base + digit;
  }
  text->remove_prefix(count);
  if (value > kMaxRune) return std::nullopt;
  return static_cast<int32_t>(value);
}

// Appends what the escape at the front of `*text` (after its backslash) stands for.
bool UnescapeOne(char quote, std::string_view* text, std::string* out) {
  if (text->empty()) return false;
  const char letter = text->front();
  if (letter >= '0' && letter <= '7') {
    const std::optional<int32_t> value = TakeDigits(3, 8, text);
    if (!value.has_value() || *value > 0xFF) return false;
    out->push_back(static_cast<char>(*value));
    return true;
  }
  text->remove_prefix(1);
  if (letter == quote) {
    out->push_back(quote);
    return true;
  }
  if (letter == 'x') {
    const std::optional<int32_t> value = TakeDigits(2, 16, text);
    if (value.has_value()) out->push_back(static_cast<char>(*value));
    return value.has_value();
  }
  if (letter == 'u' || letter == 'U') {
    const std::optional<int32_t> value = TakeDigits(letter == 'u' ? 4 : 8, 16, text);
    if (value.has_value()) model::AppendUtf8(static_cast<char32_t>(*value), out);
    return value.has_value();
  }
  const std::optional<char> plain = UnescapeLetter(letter);
  if (plain.has_value()) out->push_back(*plain);
  return plain.has_value();
}

bool IsPlainName(std::string_view name, bool allow_colon) {
  if (name.empty() || IsDigit(name[0])) return false;
  return std::all_of(name.begin(), name.end(), [allow_colon](char c) {
    return IsAlphaNumeric(c) || (allow_colon && c == ':');
  });
}

}  // namespace

std::string QuoteRune(int32_t rune) {
  if (rune == '\'') return R"('\'')";
  if (rune == '"') return R"('"')";
  std::string quoted = model::Quoted(Utf8(rune));
  quoted.front() = quoted.back() = '\'';
  return quoted;
}

std::string DescribeRune(int32_t rune) {
  std::string out = fmt::format("U+{:04X}", static_cast<uint32_t>(rune));
  if (IsVisible(rune)) out += fmt::format(" '{}'", Utf8(rune));
  return out;
}

std::optional<std::string> Unquote(std::string_view literal) {
  if (literal.size() < 2) return std::nullopt;
  const char quote = literal.front();
  if (literal.back() != quote) return std::nullopt;
  std::string_view text = literal.substr(1, literal.size() - 2);
  if (quote == '`') {
    if (text.find('`') != std::string_view::npos) return std::nullopt;
    return std::string(text);
  }
  if (quote != '"' && quote != '\'') return std::nullopt;
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const char c = text.front();
    if (c == quote || c == '\n') return std::nullopt;
    text.remove_prefix(1);
    if (c != '\\') {
      out.push_back(c);
    } else if (!UnescapeOne(quote, &text, &out)) {
      return std::nullopt;
    }
  }
  return out;
}

bool IsPlainMetricName(std::string_view name) { return IsPlainName(name, /*allow_colon=*/true); }

bool IsPlainLabelName(std::string_view name) { return IsPlainName(name, /*allow_colon=*/false); }

}  // namespace tidegate::promql
