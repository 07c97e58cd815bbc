#include <locale.h>
#include <wctype.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "query/logql/lines/line_text.h"
#include "query/logql/template/functions.h"

namespace tidegate::logql {
namespace {

std::string Text(const Value& value) { return Print(value); }

Value Result(std::string_view text) { return std::string(text); }

absl::Status TooLong() { return absl::InvalidArgumentError("the text would become too long"); }

// Letters of all scripts, whatever the locale of the process.
wint_t ChangeCase(wint_t rune, bool upper) {
  static const locale_t kUnicode = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  if (kUnicode == nullptr) return rune;
  return upper ? towupper_l(rune, kUnicode) : towlower_l(rune, kUnicode);
}

wint_t DecodeRune(std::string_view bytes) {
  if (bytes.size() == 1) return static_cast<unsigned char>(bytes[0]);
  auto rune =
      static_cast<wint_t>(static_cast<unsigned char>(bytes[0]) & (0xFFu >> (bytes.size() + 1)));
  for (const char c : bytes.substr(1)) rune = rune << 6 | (static_cast<unsigned char>(c) & 0x3Fu);
  return rune;
}

void AppendRune(wint_t rune, std::string* out) {
  const auto add = [&](wint_t byte) { out->push_back(static_cast<char>(byte)); };
  if (rune < 0x80) return add(rune);
  if (rune < 0x800) {
    add(0xC0 | rune >> 6);
  } else if (rune < 0x10000) {
    add(0xE0 | rune >> 12);
    add(0x80 | (rune >> 6 & 0x3F));
  } else {
    add(0xF0 | rune >> 18);
    add(0x80 | (rune >> 12 & 0x3F));
    add(0x80 | (rune >> 6 & 0x3F));
  }
  add(0x80 | (rune & 0x3F));
}

// `change(rune, i)` gives what stands for the character that begins at byte i; bytes that are no
// UTF-8 stay.
template <typename Change>
std::string MapCase(std::string_view text, Change change) {
  std::string out;
  for (size_t i = 0; i < text.size();) {
    const std::string_view rune = text.substr(i, RuneLength(text.substr(i)));
    if (rune.size() == 1 && static_cast<unsigned char>(rune[0]) >= 0x80) {
      out += rune;
    } else {
      AppendRune(change(DecodeRune(rune), i), &out);
    }
    i += rune.size();
  }
  return out;
}

absl::StatusOr<Value> Lower(Arguments args) {
  return Value(MapCase(Text(args[0]), [](wint_t rune, size_t) { return ChangeCase(rune, false); }));
}
absl::StatusOr<Value> Upper(Arguments args) {
  return Value(MapCase(Text(args[0]), [](wint_t rune, size_t) { return ChangeCase(rune, true); }));
}
// The first letter of every word.
absl::StatusOr<Value> Title(Arguments args) {
  const std::string text = Text(args[0]);
  return Value(MapCase(text, [&](wint_t rune, size_t at) {
    const bool begins =
        at == 0 || std::string_view(" \t\n\r\v\f").find(text[at - 1]) != std::string_view::npos;
    return begins ? ChangeCase(rune, true) : rune;
  }));
}

constexpr std::string_view kBlanks = " \t\n\v\f\r";

std::string_view TrimFront(std::string_view text, std::string_view set) {
  text.remove_prefix(std::min(text.find_first_not_of(set), text.size()));
  return text;
}
std::string_view TrimBack(std::string_view text, std::string_view set) {
  const size_t last = text.find_last_not_of(set);
  return last == std::string_view::npos ? std::string_view() : text.substr(0, last + 1);
}

absl::StatusOr<Value> TrimSpace(Arguments args) {
  const std::string text = Text(args[0]);
  return Result(TrimFront(TrimBack(text, kBlanks), kBlanks));
}

bool StartsWith(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}
bool EndsWith(std::string_view text, std::string_view suffix) {
  return text.size() >= suffix.size() && text.substr(text.size() - suffix.size()) == suffix;
}

// Go's functions take the text first, sprig's of the same meaning last.
template <size_t kText, size_t kOther>
absl::StatusOr<Value> TrimSet(Arguments args) {
  const std::string text = Text(args[kText]);
  const std::string set = Text(args[kOther]);
  return Result(TrimFront(TrimBack(text, set), set));
}
absl::StatusOr<Value> TrimLeft(Arguments args) {
  const std::string text = Text(args[0]);
  return Result(TrimFront(text, Text(args[1])));
}
absl::StatusOr<Value> TrimRight(Arguments args) {
  const std::string text = Text(args[0]);
  return Result(TrimBack(text, Text(args[1])));
}
template <size_t kText, size_t kOther>
absl::StatusOr<Value> TrimPrefix(Arguments args) {
  const std::string text = Text(args[kText]);
  const std::string prefix = Text(args[kOther]);
  return Value(StartsWith(text, prefix) ? text.substr(prefix.size()) : text);
}
template <size_t kText, size_t kOther>
absl::StatusOr<Value> TrimSuffix(Arguments args) {
  const std::string text = Text(args[kText]);
  const std::string suffix = Text(args[kOther]);
  return Value(EndsWith(text, suffix) ? text.substr(0, text.size() - suffix.size()) : text);
}

absl::StatusOr<Value> Contains(Arguments args) {
  return Value(Text(args[1]).find(Text(args[0])) != std::string::npos);
}
absl::StatusOr<Value> HasPrefix(Arguments args) {
  return Value(StartsWith(Text(args[1]), Text(args[0])));
}
absl::StatusOr<Value> HasSuffix(Arguments args) {
  return Value(EndsWith(Text(args[1]), Text(args[0])));
}

// The first `most` places; all for a negative number. An empty `from` is before every character and
// at the end.
absl::StatusOr<Value> ReplaceIn(std::string_view text, std::string_view from, std::string_view to,
                                int64_t most) {
  std::string out;
  size_t at = 0;
  for (; most != 0 && out.size() <= kMaxTemplateText; --most) {
    const size_t found = text.find(from, at);
    if (found == std::string_view::npos) break;
    out.append(text, at, found - at).append(to);
    at = found + from.size();
    if (!from.empty()) continue;
    if (at == text.size()) return Value(std::move(out));
    const size_t rune = RuneLength(text.substr(at));
    out.append(text, at, rune);
    at += rune;
  }
  out.append(text.substr(std::min(at, text.size())));
  if (out.size() > kMaxTemplateText) return TooLong();
  return Value(std::move(out));
}

absl::StatusOr<Value> ReplaceAll(Arguments args) {
  return ReplaceIn(Text(args[2]), Text(args[0]), Text(args[1]), -1);
}
absl::StatusOr<Value> ReplaceSome(Arguments args) {
  return ReplaceIn(Text(args[0]), Text(args[1]), Text(args[2]), ToInt(args[3]));
}

absl::StatusOr<Value> Repeat(Arguments args) {
  const int64_t count = ToInt(args[0]);
  const std::string text = Text(args[1]);
  if (count < 0) return absl::InvalidArgumentError("strings: negative Repeat count");
  if (text.empty()) return Value(text);
  if (static_cast<uint64_t>(count) > kMaxTemplateText / text.size()) return TooLong();
  std::string out;
  for (int64_t i = 0; i < count; ++i) out += text;
  return Value(std::move(out));
}

absl::StatusOr<Value> Indent(Arguments args) {
  const int64_t width = ToInt(args[0]);
  if (width < 0) return absl::InvalidArgumentError("strings: negative Repeat count");
  if (width > static_cast<int64_t>(kMaxTemplateText)) return TooLong();
  const std::string pad(static_cast<size_t>(width), ' ');
  const absl::StatusOr<Value> rest = ReplaceIn(Text(args[1]), "\n", "\n" + pad, -1);
  if (!rest.ok()) return rest;
  return Value(pad + std::get<std::string>(*rest));
}
absl::StatusOr<Value> NewLineIndent(Arguments args) {
  const absl::StatusOr<Value> text = Indent(args);
  if (!text.ok()) return text;
  return Value("\n" + std::get<std::string>(*text));
}

// Bytes: the first n, or the last -n.
absl::StatusOr<Value> Trunc(Arguments args) {
  const int64_t count = ToInt(args[0]);
  const std::string text = Text(args[1]);
  const auto size = static_cast<int64_t>(text.size());
  if (count >= size || count <= -size) return Value(text);
  return Value(count >= 0 ? text.substr(0, static_cast<size_t>(count))
                          : text.substr(static_cast<size_t>(size + count)));
}

// Bytes [start, end); a negative start is 0, an end that is negative or beyond the text its end.
absl::StatusOr<Value> Substr(Arguments args) {
  const std::string text = Text(args[2]);
  const auto size = static_cast<int64_t>(text.size());
  const int64_t start = std::max<int64_t>(ToInt(args[0]), 0);
  const int64_t end = ToInt(args[1]);
  const int64_t stop = end < 0 || end > size ? size : end;
  if (start > stop) return absl::InvalidArgumentError("slice bounds out of range");
  return Value(text.substr(static_cast<size_t>(start), static_cast<size_t>(stop - start)));
}

size_t Runes(std::string_view text) {
  size_t runes = 0;
  for (size_t i = 0; i < text.size(); i += RuneLength(text.substr(i))) ++runes;
  return runes;
}

size_t RuneOffset(std::string_view text, size_t runes) {
  size_t offset = 0;
  for (; runes > 0 && offset < text.size(); --runes) offset += RuneLength(text.substr(offset));
  return offset;
}

// Exactly `width` characters, of the text's beginning or, aligned to the right, its end.
absl::StatusOr<Value> Align(Arguments args, bool left) {
  const int64_t width = ToInt(args[0]);
  const std::string text = Text(args[1]);
  if (width < 0) return Value(text);
  if (width > static_cast<int64_t>(kMaxTemplateText)) return TooLong();
  const auto want = static_cast<size_t>(width);
  const size_t have = Runes(text);
  const std::string pad(want > have ? want - have : 0, ' ');
  if (left) return Value(text.substr(0, RuneOffset(text, want)) + pad);
  return Value(pad + text.substr(RuneOffset(text, have > want ? have - want : 0)));
}
absl::StatusOr<Value> AlignLeft(Arguments args) { return Align(args, true); }
absl::StatusOr<Value> AlignRight(Arguments args) { return Align(args, false); }

}  // namespace

absl::Span<const TemplateFunction> TextFunctions() {
  static constexpr TemplateFunction kFunctions[] = {
      {"Replace", 4, 4, ReplaceSome, "sssi"},
      {"ToLower", 1, 1, Lower, "s"},
      {"ToUpper", 1, 1, Upper, "s"},
      {"Trim", 2, 2, TrimSet<0, 1>, "s"},
      {"TrimLeft", 2, 2, TrimLeft, "s"},
      {"TrimPrefix", 2, 2, TrimPrefix<0, 1>, "s"},
      {"TrimRight", 2, 2, TrimRight, "s"},
      {"TrimSpace", 1, 1, TrimSpace, "s"},
      {"TrimSuffix", 2, 2, TrimSuffix<0, 1>, "s"},
      {"alignLeft", 2, 2, AlignLeft, "is"},
      {"alignRight", 2, 2, AlignRight, "is"},
      {"contains", 2, 2, Contains, "s"},
      {"hasPrefix", 2, 2, HasPrefix, "s"},
      {"hasSuffix", 2, 2, HasSuffix, "s"},
      {"indent", 2, 2, Indent, "is"},
      {"lower", 1, 1, Lower, "s"},
      {"nindent", 2, 2, NewLineIndent, "is"},
      {"repeat", 2, 2, Repeat, "is"},
      {"replace", 3, 3, ReplaceAll, "s"},
      {"substr", 3, 3, Substr, "iis"},
      {"title", 1, 1, Title, "s"},
      {"trim", 1, 1, TrimSpace, "s"},
      {"trimAll", 2, 2, TrimSet<1, 0>, "s"},
      {"trimPrefix", 2, 2, TrimPrefix<1, 0>, "s"},
      {"trimSuffix", 2, 2, TrimSuffix<1, 0>, "s"},
      {"trunc", 2, 2, Trunc, "is"},
      {"upper", 1, 1, Upper, "s"},
  };
  return kFunctions;
}

}  // namespace tidegate::logql
