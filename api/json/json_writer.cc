#include "api/json/json_writer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

#include "api/json/number_text.h"
#include "model/quote.h"

namespace tidegate::api {
namespace {

constexpr size_t kBufferBytes = 32 << 10;
constexpr std::string_view kReplacement = "\\ufffd";
constexpr char kHex[] = "0123456789abcdef";
// The longest that one call writes without asking for room again: a point.
constexpr size_t kMaxToken = 2 * kMaxNumberText + 8;

// Bytes that stand for themselves: printable ASCII except quote and backslash.
constexpr std::array<bool, 256> MakePlain() {
  std::array<bool, 256> plain = {};
  for (int c = 0x20; c < 0x80; ++c) plain[c] = c != '"' && c != '\\';
  return plain;
}
constexpr std::array<bool, 256> kPlain = MakePlain();

// Writes the escape of an ASCII character; at most six bytes.
char* WriteEscape(char c, char* out) {
  *out++ = '\\';
  switch (c) {
    case '"':
    case '\\':
      *out++ = c;
      return out;
    case '\n':
      *out++ = 'n';
      return out;
    case '\r':
      *out++ = 'r';
      return out;
    case '\t':
      *out++ = 't';
      return out;
    default:
      break;
  }
  std::memcpy(out, "u00", 3);
  out[3] = kHex[(c >> 4) & 0xF];
  out[4] = kHex[c & 0xF];
  return out + 5;
}

}  // namespace

JsonWriter::JsonWriter(JsonSink* sink)
    : sink_(sink),
      buffer_(std::make_unique_for_overwrite<char[]>(kBufferBytes)),
      at_(buffer_.get()),
      end_(buffer_.get() + kBufferBytes) {}

void JsonWriter::Key(std::string_view key) {
  String(key);
  Reserve(1);
  *at_++ = ':';
  comma_ = false;
}

void JsonWriter::String(std::string_view text) {
  BeforeValue();
  *at_++ = '"';
  Escaped(text);
  Reserve(1);
  *at_++ = '"';
}

void JsonWriter::Integer(int64_t value) {
  BeforeValue();
  at_ = std::to_chars(at_, end_, value).ptr;
}

void JsonWriter::Unsigned(uint64_t value) {
  BeforeValue();
  at_ = std::to_chars(at_, end_, value).ptr;
}

void JsonWriter::Double(double value) {
  BeforeValue();
  if (std::isfinite(value)) {
    at_ = WriteFloat(value, at_);
  } else {
    Append("null");
  }
}

void JsonWriter::Bool(bool value) {
  BeforeValue();
  Append(value ? "true" : "false");
}

void JsonWriter::Raw(std::string_view json) {
  BeforeValue();
  Append(json);
}

void JsonWriter::SampleValue(double value) {
  BeforeValue();
  *at_++ = '"';
  at_ = WriteFloat(value, at_);
  *at_++ = '"';
}

void JsonWriter::Timestamp(model::TimestampMs timestamp) {
  BeforeValue();
  at_ = WriteTimestamp(timestamp, at_);
}

void JsonWriter::Point(model::TimestampMs timestamp, double value) {
  BeforeValue();
  *at_++ = '[';
  at_ = WriteTimestamp(timestamp, at_);
  *at_++ = ',';
  *at_++ = '"';
  at_ = WriteFloat(value, at_);
  *at_++ = '"';
  *at_++ = ']';
}

bool JsonWriter::Flush() {
  const std::string_view piece(buffer_.get(), at_ - buffer_.get());
  if (ok_ && !piece.empty()) ok_ = sink_->Consume(piece);
  at_ = buffer_.get();
  return ok_;
}

void JsonWriter::Open(char bracket) {
  BeforeValue();
  *at_++ = bracket;
  comma_ = false;
}

void JsonWriter::Shut(char bracket) {
  Reserve(1);
  *at_++ = bracket;
  comma_ = true;
}

void JsonWriter::BeforeValue() {
  Reserve(kMaxToken);
  if (comma_) *at_++ = ',';
  comma_ = true;
}

void JsonWriter::Reserve(size_t bytes) {
  if (static_cast<size_t>(end_ - at_) < bytes) Flush();
}

void JsonWriter::Append(std::string_view text) {
  while (!text.empty()) {
    Reserve(1);
    const size_t count = std::min<size_t>(text.size(), end_ - at_);
    std::memcpy(at_, text.data(), count);
    at_ += count;
    text.remove_prefix(count);
  }
}

void JsonWriter::Escaped(std::string_view text) {
  while (!text.empty()) {
    size_t plain = 0;
    while (plain < text.size() && kPlain[static_cast<unsigned char>(text[plain])]) ++plain;
    Append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) return;
    Reserve(6);
    if (static_cast<unsigned char>(text[0]) < 0x80) {
      at_ = WriteEscape(text[0], at_);
      text.remove_prefix(1);
    } else {
      const model::CodePoint point = model::DecodeUtf8(text);
      Append(point.valid ? text.substr(0, point.size) : kReplacement);
      text.remove_prefix(point.size);
    }
  }
}

}  // namespace tidegate::api
