#include "ingest/decode/loki/stream_labels.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>

#include "fmt/format.h"
#include "model/quote.h"

namespace tidegate::ingest {
namespace {

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

int HexValue(char c) {
  if (IsDigit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

class Parser {
 public:
  Parser(std::string_view text, ByteArena* arena, std::vector<model::Label>* labels)
      : text_(text), arena_(*arena), labels_(*labels) {}

  absl::Status Run();

 private:
  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool Done() const { return at_ == text_.size(); }
  void SkipSpace();
  std::string_view TakeName(bool colons);
  absl::Status TakeString(std::string_view* value);
  absl::Status TakeEscape(char quote, std::string* value);
  absl::Status TakeCode(int digits, int base, bool byte, std::string* value);
  absl::Status TakeLabel();
  absl::Status Fail(std::string_view problem) const;

  const std::string_view text_;
  ByteArena& arena_;
  std::vector<model::Label>& labels_;
  size_t at_ = 0;
};

absl::Status Parser::Fail(std::string_view problem) const {
  const std::string found =
      Done() ? "the end"
             : model::Quoted(text_.substr(at_, model::DecodeUtf8(text_.substr(at_)).size));
  return absl::InvalidArgumentError(
      fmt::format("1:{}: parse error: {}, found {}", at_ + 1, problem, found));
}

void Parser::SkipSpace() {
  while (!Done()) {
    if (IsSpace(text_[at_])) {
      ++at_;
    } else if (text_[at_] == '#') {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else {
      return;
    }
  }
}

std::string_view Parser::TakeName(bool colons) {
  const size_t begin = at_;
  if (!IsLetter(Peek()) && !(colons && Peek() == ':')) return {};
  while (!Done() &&
         (IsLetter(text_[at_]) || IsDigit(text_[at_]) || (colons && text_[at_] == ':'))) {
    ++at_;
  }
  return text_.substr(begin, at_ - begin);
}

absl::Status Parser::TakeCode(int digits, int base, bool byte, std::string* value) {
  uint32_t code = 0;
  for (int i = 0; i < digits; ++i, ++at_) {
    const int digit = Done() ? -1 : HexValue(text_[at_]);
    if (digit < 0 || digit >= base) return Fail("expected a digit of an escape");
    code = code * base + digit;
  }
  if (byte) {
    if (code > 0xFF) return Fail("an escape that is no byte");
    value->push_back(static_cast<char>(code));
    return absl::OkStatus();
  }
  if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) {
    return Fail("an escape that is no code point");
  }
  model::AppendUtf8(code, value);
  return absl::OkStatus();
}

// Behind the backslash.
absl::Status Parser::TakeEscape(char quote, std::string* value) {
  constexpr std::string_view kNames = "abfnrtv\\";
  constexpr std::string_view kBytes = "\a\b\f\n\r\t\v\\";
  const char c = Peek();
  if (Done()) return Fail("expected an escape");
  if (const size_t known = kNames.find(c); known != kNames.npos || c == quote) {
    value->push_back(c == quote ? quote : kBytes[known]);
    ++at_;
    return absl::OkStatus();
  }
  if (c >= '0' && c <= '7') return TakeCode(3, 8, true, value);
  ++at_;
  if (c == 'x') return TakeCode(2, 16, true, value);
  if (c == 'u') return TakeCode(4, 16, false, value);
  if (c == 'U') return TakeCode(8, 16, false, value);
  --at_;
  return Fail("expected an escape");
}

absl::Status Parser::TakeString(std::string_view* value) {
  const char quote = Peek();
  if (quote != '"' && quote != '\'' && quote != '`') return Fail("expected a quoted string");
  const size_t begin = ++at_;
  const std::string_view stops = quote == '`' ? "`" : quote == '"' ? "\"\\\n" : "'\\\n";
  at_ = std::min(text_.find_first_of(stops, at_), text_.size());
  *value = text_.substr(begin, at_ - begin);
  std::string unescaped;
  const bool escaped = Peek() == '\\' && quote != '`';
  if (escaped) unescaped = *value;
  while (!Done() && text_[at_] == '\\' && quote != '`') {
    ++at_;
    if (absl::Status status = TakeEscape(quote, &unescaped); !status.ok()) return status;
    const size_t plain = at_;
    at_ = std::min(text_.find_first_of(stops, at_), text_.size());
    unescaped.append(text_.substr(plain, at_ - plain));
  }
  if (Done() || text_[at_] != quote) return Fail("unterminated quoted string");
  ++at_;
  if (escaped) *value = arena_.Copy(unescaped);
  if (!model::IsValidUtf8(*value)) return absl::InvalidArgumentError("a string that is not UTF-8");
  return absl::OkStatus();
}

absl::Status Parser::TakeLabel() {
  model::Label label;
  const bool quoted = Peek() == '"' || Peek() == '\'' || Peek() == '`';
  if (quoted) {
    if (absl::Status status = TakeString(&label.name); !status.ok()) return status;
  } else {
    label.name = TakeName(/*colons=*/false);
  }
  if (label.name.empty()) return Fail("expected a label name or \"}\"");
  SkipSpace();
  if (quoted && Peek() != '=') {
    // A quoted string alone is the metric's name.
    labels_.push_back({model::kMetricNameLabel, label.name});
    return absl::OkStatus();
  }
  if (Peek() != '=') return Fail("expected \"=\"");
  ++at_;
  SkipSpace();
  if (absl::Status status = TakeString(&label.value); !status.ok()) return status;
  labels_.push_back(label);
  SkipSpace();
  return absl::OkStatus();
}

absl::Status Parser::Run() {
  SkipSpace();
  if (const std::string_view metric = TakeName(/*colons=*/true); !metric.empty()) {
    labels_.push_back({model::kMetricNameLabel, metric});
    SkipSpace();
    if (Done()) return absl::OkStatus();
  }
  if (Peek() != '{') return Fail("expected \"{\"");
  ++at_;
  SkipSpace();
  while (Peek() != '}') {
    if (absl::Status status = TakeLabel(); !status.ok()) return status;
    if (Peek() == ',') {
      ++at_;
      SkipSpace();
    } else if (Peek() != '}') {
      return Fail("expected \",\" or \"}\"");
    }
  }
  ++at_;
  SkipSpace();
  return Done() ? absl::OkStatus() : Fail("expected the end");
}

}  // namespace

absl::Status ParseStreamLabels(std::string_view text, ByteArena* arena,
                               std::vector<model::Label>* labels) {
  labels->clear();
  if (absl::Status status = Parser(text, arena, labels).Run(); !status.ok()) return status;
  SortLabels(labels);
  return absl::OkStatus();
}

void SortLabels(std::vector<model::Label>* labels) {
  // More than these are rare, and fewer are in place quickly without any memory.
  constexpr size_t kFew = 32;
  std::erase_if(*labels, [](const model::Label& label) { return label.value.empty(); });
  const auto by_name = [](const model::Label& a, const model::Label& b) { return a.name < b.name; };
  if (labels->size() > kFew) {
    std::stable_sort(labels->begin(), labels->end(), by_name);
    return;
  }
  for (size_t i = 1; i < labels->size(); ++i) {
    const model::Label label = (*labels)[i];
    size_t at = i;
    for (; at > 0 && by_name(label, (*labels)[at - 1]); --at) (*labels)[at] = (*labels)[at - 1];
    (*labels)[at] = label;
  }
}

namespace {

size_t VarintSize(size_t value) {
  size_t size = 1;
  for (; value >= 0x80; value >>= 7) ++size;
  return size;
}

char* WriteVarint(size_t value, char* out) {
  for (; value >= 0x80; value >>= 7) *out++ = static_cast<char>(value | 0x80);
  *out++ = static_cast<char>(value);
  return out;
}

char* WriteField(char tag, std::string_view bytes, char* out) {
  *out++ = tag;
  out = WriteVarint(bytes.size(), out);
  std::memcpy(out, bytes.data(), bytes.size());
  return out + bytes.size();
}

size_t FieldSize(size_t size) { return 1 + VarintSize(size) + size; }

}  // namespace

std::string_view LabelBytes(const std::vector<model::Label>& labels, ByteArena* arena) {
  size_t total = 0;
  for (const model::Label& label : labels) {
    total += FieldSize(FieldSize(label.name.size()) + FieldSize(label.value.size()));
  }
  char* const begin = arena->Allocate(total);
  char* out = begin;
  for (const model::Label& label : labels) {
    *out++ = '\x0a';
    out = WriteVarint(FieldSize(label.name.size()) + FieldSize(label.value.size()), out);
    out = WriteField('\x0a', label.name, out);
    out = WriteField('\x12', label.value, out);
  }
  return {begin, total};
}

}  // namespace tidegate::ingest
