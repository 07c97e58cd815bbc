#include "model/quote.h"

#include <cstdint>

#include "fmt/format.h"

namespace tidegate::model {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

// Go's unicode.IsPrint, to the precision that label texts need: controls, surrogates, private use,
// separators other than the plain space, format characters and non-characters are escaped.
bool IsPrintable(char32_t c) {
  if (c < 0x20 || (c >= 0x7f && c <= 0xa0) || c == 0xad) return false;
  if (c >= 0x2000 && c <= 0x200f) return false;
  if (c >= 0x2028 && c <= 0x202f) return false;
  if (c >= 0x205f && c <= 0x206f) return false;
  if (c == 0x1680 || c == 0x3000 || c == 0xfeff || c == 0x061c || c == 0x180e) return false;
  if (c >= 0xd800 && c <= 0xf8ff) return false;
  if ((c & 0xfffe) == 0xfffe || (c >= 0xfff0 && c <= 0xfffb)) return false;
  return c < 0xe0000;
}

void AppendEscape(char32_t c, std::string* out) {
  switch (c) {
    case '\a':
      out->append("\\a");
      return;
    case '\b':
      out->append("\\b");
      return;
    case '\f':
      out->append("\\f");
      return;
    case '\n':
      out->append("\\n");
      return;
    case '\r':
      out->append("\\r");
      return;
    case '\t':
      out->append("\\t");
      return;
    case '\v':
      out->append("\\v");
      return;
    default:
      break;
  }
  const auto value = static_cast<uint32_t>(c);
  if (c < 0x20 || c == 0x7f) {
    out->append(fmt::format("\\x{:02x}", value));
  } else if (c < 0x10000) {
    out->append(fmt::format("\\u{:04x}", value));
  } else {
    out->append(fmt::format("\\U{:08x}", value));
  }
}

int SequenceLength(uint8_t lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  if (lead >= 0xf0 && lead < 0xf5) return 4;
  return 0;
}

}  // namespace

CodePoint DecodeUtf8(std::string_view text) {
  if (text.empty()) return {};
  const auto lead = static_cast<uint8_t>(text[0]);
  const int length = SequenceLength(lead);
  if (length == 1) return {lead, 1, true};
  if (length == 0 || text.size() < static_cast<size_t>(length)) return {kReplacement, 1, false};
  char32_t value = lead & (0x7f >> length);
  for (int i = 1; i < length; ++i) {
    const auto byte = static_cast<uint8_t>(text[i]);
    if ((byte & 0xc0) != 0x80) return {kReplacement, 1, false};
    value = (value << 6) | (byte & 0x3f);
  }
  constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = value >= 0xd800 && value <= 0xdfff;
  if (value < kSmallest[length] || surrogate || value > 0x10ffff) return {kReplacement, 1, false};
  return {value, length, true};
}

void AppendUtf8(char32_t value, std::string* out) {
  if (value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) value = kReplacement;
  if (value < 0x80) {
    out->push_back(static_cast<char>(value));
    return;
  }
  const int length = value < 0x800 ? 2 : value < 0x10000 ? 3 : 4;
  constexpr uint8_t kLead[] = {0, 0, 0xc0, 0xe0, 0xf0};
  out->push_back(static_cast<char>(kLead[length] | (value >> (6 * (length - 1)))));
  for (int i = length - 2; i >= 0; --i) {
    out->push_back(static_cast<char>(0x80 | ((value >> (6 * i)) & 0x3f)));
  }
}

void AppendQuoted(std::string_view text, std::string* out) {
  out->push_back('"');
  while (!text.empty()) {
    const CodePoint point = DecodeUtf8(text);
    if (!point.valid) {
      out->append(fmt::format("\\x{:02x}", static_cast<uint8_t>(text[0])));
    } else if (point.value == '"' || point.value == '\\') {
      out->push_back('\\');
      out->push_back(static_cast<char>(point.value));
    } else if (IsPrintable(point.value)) {
      out->append(text.substr(0, point.size));
    } else {
      AppendEscape(point.value, out);
    }
    text.remove_prefix(point.size);
  }
  out->push_back('"');
}

std::string Quoted(std::string_view text) {
  std::string out;
  AppendQuoted(text, &out);
  return out;
}

}  // namespace tidegate::model
