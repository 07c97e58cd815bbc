#include "query/logql/lines/line_text.h"

#include <cstdint>
#include <cstring>

namespace tidegate::logql {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

bool IsContinuation(unsigned char byte) { return (byte & 0xC0) == 0x80; }

// 0: no valid UTF-8 sequence (overlong, surrogate, beyond U+10FFFF or cut off).
size_t SequenceLength(std::string_view text) {
  const auto at = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = at(0);
  if (first < 0x80) return 1;
  const size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
  for (size_t i = 1; i < length; ++i) {
    if (!IsContinuation(at(i))) return 0;
  }
  if (first == 0xE0 && at(1) < 0xA0) return 0;
  if (first == 0xED && at(1) >= 0xA0) return 0;
  if (first == 0xF0 && at(1) < 0x90) return 0;
  if (first == 0xF4 && at(1) >= 0x90) return 0;
  return length;
}

bool AnyHighByte(std::string_view text) {
  size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    uint64_t word;
    std::memcpy(&word, text.data() + i, 8);
    if (word & 0x8080808080808080u) return true;
  }
  for (; i < text.size(); ++i) {
    if (static_cast<unsigned char>(text[i]) >= 0x80) return true;
  }
  return false;
}

// The position of the first bad character, or the size.
size_t FindBadRune(std::string_view text, size_t from) {
  while (from < text.size()) {
    const std::string_view rest = text.substr(from);
    const size_t length = SequenceLength(rest);
    if (length == 0 || rest.substr(0, 3) == kReplacement) return from;
    from += length;
  }
  return text.size();
}

char* AppendUtf8(uint32_t rune, char* out) {
  if (rune < 0x80) {
    *out++ = static_cast<char>(rune);
    return out;
  }
  if (rune < 0x800) {
    *out++ = static_cast<char>(0xC0 | rune >> 6);
  } else {
    if (rune < 0x10000) {
      *out++ = static_cast<char>(0xE0 | rune >> 12);
    } else {
      *out++ = static_cast<char>(0xF0 | rune >> 18);
      *out++ = static_cast<char>(0x80 | (rune >> 12 & 0x3F));
    }
    *out++ = static_cast<char>(0x80 | (rune >> 6 & 0x3F));
  }
  *out++ = static_cast<char>(0x80 | (rune & 0x3F));
  return out;
}

// The four hexadecimal digits at `at`.
std::optional<uint32_t> Hex4(std::string_view text, size_t at) {
  if (at > text.size() || text.size() - at < 4) return std::nullopt;
  uint32_t value = 0;
  for (size_t i = at; i < at + 4; ++i) {
    const char c = text[i];
    const char lower = static_cast<char>(c | 0x20);
    if (c >= '0' && c <= '9') {
      value = value << 4 | static_cast<uint32_t>(c - '0');
    } else if (lower >= 'a' && lower <= 'f') {
      value = value << 4 | static_cast<uint32_t>(lower - 'a' + 10);
    } else {
      return std::nullopt;
    }
  }
  return value;
}

constexpr uint32_t kBadRune = 0xFFFD;

// Decodes \uXXXX, or two of them that are a pair, whose digits begin at *at.
std::optional<uint32_t> UnicodeEscape(std::string_view text, Escapes escapes, size_t* at) {
  const std::optional<uint32_t> first = Hex4(text, *at);
  if (!first) return std::nullopt;
  *at += 4;
  if (*first < 0xD800 || *first > 0xDFFF) return first;
  std::optional<uint32_t> second;
  if (text.substr(*at, 2) == "\\u") second = Hex4(text, *at + 2);
  if (*first < 0xDC00 && second && *second >= 0xDC00 && *second <= 0xDFFF) {
    *at += 6;
    return 0x10000 + ((*first - 0xD800) << 10) + (*second - 0xDC00);
  }
  if (escapes == Escapes::kJson) return std::nullopt;
  return kBadRune;
}

// The character that \c stands for; 0: there is none.
char SimpleEscape(char c, Escapes escapes) {
  switch (c) {
    case '"':
    case '\\':
    case '/':
      return c;
    case '\'':
      return escapes == Escapes::kLogfmt ? c : '\0';
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
    default:
      return '\0';
  }
}

}  // namespace

size_t RuneLength(std::string_view text) {
  const size_t length = SequenceLength(text);
  return length == 0 ? 1 : length;
}

bool HasBadRune(std::string_view text) {
  return AnyHighByte(text) && FindBadRune(text, 0) < text.size();
}

std::string_view WithoutBadRunes(std::string_view text, LineArena* arena) {
  if (!AnyHighByte(text)) return text;
  size_t bad = FindBadRune(text, 0);
  if (bad == text.size()) return text;
  char* const begin = arena->Allocate(text.size());
  char* out = begin;
  size_t from = 0;
  while (bad < text.size()) {
    std::memcpy(out, text.data() + from, bad - from);
    out += bad - from;
    *out++ = ' ';
    from = bad + RuneLength(text.substr(bad));
    bad = FindBadRune(text, from);
  }
  std::memcpy(out, text.data() + from, text.size() - from);
  out += text.size() - from;
  return {begin, static_cast<size_t>(out - begin)};
}

std::optional<std::string_view> Unescape(std::string_view text, Escapes escapes, LineArena* arena) {
  size_t escape = text.find('\\');
  if (escape == std::string_view::npos) return text;
  // No escape is shorter than what it stands for: \uXXXX is at most 3 bytes.
  char* const begin = arena->Allocate(text.size());
  char* out = begin;
  size_t from = 0;
  for (; escape != std::string_view::npos; escape = text.find('\\', from)) {
    std::memcpy(out, text.data() + from, escape - from);
    out += escape - from;
    from = escape + 2;
    if (from > text.size()) return std::nullopt;
    if (text[escape + 1] == 'u') {
      const std::optional<uint32_t> rune = UnicodeEscape(text, escapes, &from);
      if (!rune) return std::nullopt;
      out = AppendUtf8(*rune, out);
      continue;
    }
    const char c = SimpleEscape(text[escape + 1], escapes);
    if (c == '\0') return std::nullopt;
    *out++ = c;
  }
  std::memcpy(out, text.data() + from, text.size() - from);
  out += text.size() - from;
  return std::string_view(begin, static_cast<size_t>(out - begin));
}

}  // namespace tidegate::logql
