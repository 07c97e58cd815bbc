#include "query/promql/syntax/lex/characters.h"

namespace tidegate::promql {
namespace {

constexpr bool IsContinuation(unsigned char byte) { return (byte & 0xC0) == 0x80; }

// The length a leading byte announces, 0 if it cannot lead.
constexpr int SequenceLength(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xC2) return 0;
  if (lead < 0xE0) return 2;
  if (lead < 0xF0) return 3;
  if (lead < 0xF5) return 4;
  return 0;
}

constexpr int32_t kSmallestOfLength[] = {0, 0, 0x80, 0x800, 0x10000};

constexpr bool IsSurrogate(int32_t rune) { return rune >= 0xD800 && rune < 0xE000; }

}  // namespace

Rune DecodeRune(std::string_view bytes) {
  if (bytes.empty()) return Rune{};
  const Rune invalid{.value = kRuneError, .width = 1, .valid = false};
  const auto lead = static_cast<unsigned char>(bytes[0]);
  const int length = SequenceLength(lead);
  if (length == 0 || bytes.size() < static_cast<size_t>(length)) return invalid;
  if (length == 1) return Rune{.value = lead, .width = 1, .valid = true};
  int32_t value = lead & (0x7F >> length);
  for (int i = 1; i < length; ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    if (!IsContinuation(byte)) return invalid;
    value = (value << 6) | (byte & 0x3F);
  }
  if (value < kSmallestOfLength[length] || value > kMaxRune || IsSurrogate(value)) return invalid;
  return Rune{.value = value, .width = length, .valid = true};
}

void AppendRune(int32_t rune, std::string* out) {
  if (rune < 0 || rune > kMaxRune || IsSurrogate(rune)) rune = kRuneError;
  const auto append = [out](int32_t byte) { out->push_back(static_cast<char>(byte)); };
  if (rune < 0x80) {
    append(rune);
  } else if (rune < 0x800) {
    append(0xC0 | (rune >> 6));
    append(0x80 | (rune & 0x3F));
  } else if (rune < 0x10000) {
    append(0xE0 | (rune >> 12));
    append(0x80 | ((rune >> 6) & 0x3F));
    append(0x80 | (rune & 0x3F));
  } else {
    append(0xF0 | (rune >> 18));
    append(0x80 | ((rune >> 12) & 0x3F));
    append(0x80 | ((rune >> 6) & 0x3F));
    append(0x80 | (rune & 0x3F));
  }
}

bool IsValidUtf8(std::string_view bytes) {
  while (!bytes.empty()) {
    const Rune rune = DecodeRune(bytes);
    if (!rune.valid) return false;
    bytes.remove_prefix(static_cast<size_t>(rune.width));
  }
  return true;
}

int HexDigitValue(int32_t c) {
  if (IsDigit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 16;
}

std::string AsciiLower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

}  // namespace tidegate::promql
