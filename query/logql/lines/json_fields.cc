#include "query/logql/lines/json_fields.h"

#include <algorithm>
#include <optional>

#include "query/logql/lines/line_text.h"

namespace tidegate::logql {

std::string_view JsonLabelValue(std::string_view escaped, LineArena* arena) {
  const std::optional<std::string_view> text = Unescape(escaped, Escapes::kJson, arena);
  return text ? WithoutBadRunes(*text, arena) : std::string_view();
}

LineFields JsonFieldParser::Parse(std::string_view line) {
  arena_.Reset();
  fields_.clear();
  found_ = 0;
  if (FoundAll()) return {&fields_, true, {}};
  const std::string_view error = Object(line, {}, 0);
  return {&fields_, error.empty(), error};
}

std::string_view JsonFieldParser::Object(std::string_view text, std::string_view prefix,
                                         int depth) {
  if (depth > kMaxDepth) return json_errors::kMalformed;
  JsonCursor cursor(text);
  if (cursor.Peek() != '{') return json_errors::kObject;
  cursor.Advance();
  if (cursor.Peek() == '\0') return json_errors::kMalformed;
  while (cursor.Peek() != '}') {
    const std::string_view error = Member(&cursor, prefix, depth);
    if (!error.empty() || FoundAll()) return error;
    const char next = cursor.Peek();
    if (next == '}') break;
    if (next == '\0') return json_errors::kArray;
    if (next != ',') return json_errors::kObject;
    cursor.Advance();
    if (cursor.Peek() == '\0') return json_errors::kArray;
  }
  return {};
}

std::string_view JsonFieldParser::Member(JsonCursor* cursor, std::string_view prefix, int depth) {
  std::string_view key;
  std::string_view value;
  JsonType type;
  if (const std::string_view error = cursor->Key(&key); !error.empty()) return error;
  if (const std::string_view error = cursor->Value(&type, &value); !error.empty()) return error;
  if (type == JsonType::kArray || type == JsonType::kNull) return {};
  const std::optional<std::string_view> text = Unescape(key, Escapes::kJson, &arena_);
  if (!text) return json_errors::kMalformed;
  const std::string_view name = names_.Get(prefix, *text, &arena_);
  if (type == JsonType::kObject) {
    return wanted_->WantsBelow(name) ? Object(value, name, depth + 1) : std::string_view();
  }
  if (wanted_->Wants(name)) Add(name, type, value);
  return {};
}

void JsonFieldParser::Add(std::string_view name, JsonType type, std::string_view value) {
  if (!wanted_->everything() &&
      std::none_of(fields_.begin(), fields_.end(),
                   [&](const LineField& field) { return field.name == name; })) {
    ++found_;
  }
  // A number is whatever begins like one, so it is not clean either.
  fields_.push_back({name, type == JsonType::kString ? JsonLabelValue(value, &arena_)
                                                     : WithoutBadRunes(value, &arena_)});
}

}  // namespace tidegate::logql
