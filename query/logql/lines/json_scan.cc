#include "query/logql/lines/json_scan.h"

#include <cstring>

namespace tidegate::logql {
namespace {

bool IsBlank(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }
bool EndsToken(char c) { return IsBlank(c) || c == ',' || c == '}' || c == ']'; }

}  // namespace

char JsonCursor::Peek() {
  while (position_ < text_.size() && IsBlank(text_[position_])) ++position_;
  return AtEnd() ? '\0' : text_[position_];
}

std::string_view JsonCursor::String(std::string_view* out) {
  const size_t begin = ++position_;
  while (position_ < text_.size()) {
    const char* const from = text_.data() + position_;
    const auto* quote = static_cast<const char*>(std::memchr(from, '"', text_.size() - position_));
    if (quote == nullptr) break;
    const auto length = static_cast<size_t>(quote - from);
    const auto* escape = static_cast<const char*>(std::memchr(from, '\\', length));
    if (escape == nullptr) {
      position_ += length + 1;
      *out = text_.substr(begin, position_ - 1 - begin);
      return {};
    }
    position_ += static_cast<size_t>(escape - from) + 2;
  }
  return json_errors::kString;
}

std::string_view JsonCursor::Block(char open, char close, std::string_view* out) {
  const size_t begin = position_;
  size_t depth = 0;
  while (position_ < text_.size()) {
    const char c = text_[position_];
    if (c == '"') {
      std::string_view skipped;
      if (!String(&skipped).empty()) break;
      continue;
    }
    ++position_;
    if (c == open) ++depth;
    if (c == close && --depth == 0) {
      *out = text_.substr(begin, position_ - begin);
      return {};
    }
  }
  return open == '{' ? json_errors::kObject : json_errors::kArray;
}

std::string_view JsonCursor::Token(JsonType* type, std::string_view* out) {
  const size_t begin = position_;
  while (position_ < text_.size() && !EndsToken(text_[position_])) ++position_;
  *out = text_.substr(begin, position_ - begin);
  const char first = out->empty() ? '\0' : out->front();
  if (*out == "true" || *out == "false") {
    *type = JsonType::kBoolean;
  } else if (*out == "null") {
    *type = JsonType::kNull;
  } else if (first == '-' || (first >= '0' && first <= '9')) {
    *type = JsonType::kNumber;
  } else {
    return json_errors::kUnknown;
  }
  return {};
}

std::string_view JsonCursor::Value(JsonType* type, std::string_view* out) {
  switch (Peek()) {
    case '\0':
      return json_errors::kMalformed;
    case '"':
      *type = JsonType::kString;
      return String(out);
    case '{':
      *type = JsonType::kObject;
      return Block('{', '}', out);
    case '[':
      *type = JsonType::kArray;
      return Block('[', ']', out);
    default:
      return Token(type, out);
  }
}

std::string_view JsonCursor::Key(std::string_view* out) {
  if (Peek() != '"') return json_errors::kObject;
  if (const std::string_view error = String(out); !error.empty()) return error;
  if (Peek() != ':') return json_errors::kMalformed;
  Advance();
  return {};
}

}  // namespace tidegate::logql
