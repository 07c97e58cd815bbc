#include "query/promql/syntax/lex/quoting.h"

#include <algorithm>
#include <array>

#include "fmt/format.h"
#include "query/promql/syntax/lex/characters.h"

namespace tidegate::promql {
namespace {

struct RuneRange {
  int32_t first;
  int32_t last;
};

// Assigned characters that Go's unicode.IsPrint refuses: controls, formats, separators other than
// the ASCII space, surrogates, private use and noncharacters (Unicode 15). Ordered.
constexpr std::array kInvisible = {
    RuneRange{0x0000, 0x001F},     RuneRange{0x007F, 0x00A0},     RuneRange{0x00AD, 0x00AD},
    RuneRange{0x0600, 0x0605},     RuneRange{0x061C, 0x061C},     RuneRange{0x06DD, 0x06DD},
    RuneRange{0x070F, 0x070F},     RuneRange{0x0890, 0x0891},     RuneRange{0x08E2, 0x08E2},
    RuneRange{0x1680, 0x1680},     RuneRange{0x180E, 0x180E},     RuneRange{0x2000, 0x200F},
    RuneRange{0x2028, 0x202F},     RuneRange{0x205F, 0x206F},     RuneRange{0x3000, 0x3000},
    RuneRange{0xD800, 0xF8FF},     RuneRange{0xFDD0, 0xFDEF},     RuneRange{0xFEFF, 0xFEFF},
    RuneRange{0xFFF0, 0xFFFB},     RuneRange{0xFFFE, 0xFFFF},     RuneRange{0x110BD, 0x110BD},
    RuneRange{0x110CD, 0x110CD},   RuneRange{0x13430, 0x1343F},   RuneRange{0x1BCA0, 0x1BCA3},
    RuneRange{0x1D173, 0x1D17A},   RuneRange{0xE0001, 0xE007F},   RuneRange{0xF0000, 0xFFFFF},
    RuneRange{0x100000, 0x10FFFF},
};

bool IsPrintable(int32_t rune) {
  if (rune < 0 || rune > kMaxRune) return false;
  const auto* range =
      std::lower_bound(kInvisible.begin(), kInvisible.end(), rune,
                       [](const RuneRange& r, int32_t value) { return r.last < value; });
  return range == kInvisible.end() || rune < range->first;
}

// The letter after the backslash, 0 if the character has no short escape.
char ShortEscape(int32_t rune) {
  switch (rune) {
    case '\a':
      return 'a';
    case '\b':
      return 'b';
    case '\f':
      return 'f';
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    case '\t':
      return 't';
    case '\v':
      return 'v';
    default:
      return 0;
  }
}

void AppendEscaped(int32_t rune, char quote, std::string* out) {
  if (rune == quote || rune == '\\') {
    out->push_back('\\');
    out->push_back(static_cast<char>(rune));
  } else if (IsPrintable(rune)) {
    AppendRune(rune, out);
  } else if (const char letter = ShortEscape(rune); letter != 0) {
    out->push_back('\\');
    out->push_back(letter);
  } else if (rune < ' ' || rune == 0x7F) {
    fmt::format_to(std::back_inserter(*out), "\\x{:02x}", rune);
  } else if (rune < 0x10000) {
    fmt::format_to(std::back_inserter(*out), "\\u{:04x}", rune);
  } else {
    fmt::format_to(std::back_inserter(*out), "\\U{:08x}", rune);
  }
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
    if (value.has_value()) AppendRune(*value, out);
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

std::string Quote(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 2);
  out.push_back('"');
  while (!text.empty()) {
    const Rune rune = DecodeRune(text);
    if (rune.valid) {
      AppendEscaped(rune.value, '"', &out);
    } else {
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned char>(text[0]));
    }
    text.remove_prefix(static_cast<size_t>(rune.width));
  }
  out.push_back('"');
  return out;
}

std::string QuoteRune(int32_t rune) {
  std::string out = "'";
  const bool is_character = rune >= 0 && rune <= kMaxRune && (rune < 0xD800 || rune >= 0xE000);
  AppendEscaped(is_character ? rune : kRuneError, '\'', &out);
  out.push_back('\'');
  return out;
}

std::string DescribeRune(int32_t rune) {
  std::string out = fmt::format("U+{:04X}", static_cast<uint32_t>(rune));
  if (IsPrintable(rune)) {
    out += " '";
    AppendRune(rune, &out);
    out += "'";
  }
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
