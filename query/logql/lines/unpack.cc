#include "query/logql/lines/unpack.h"

#include <optional>

#include "query/logql/lines/json_fields.h"
#include "query/logql/lines/line_text.h"

namespace tidegate::logql {
namespace {

constexpr std::string_view kEntry = "_entry";
constexpr std::string_view kNoObject = "expecting json object(6), but it is not";

}  // namespace

UnpackedLine UnpackParser::Parse(std::string_view line) {
  arena_.Reset();
  fields_.clear();
  packed_ = false;
  UnpackedLine result = {{&fields_, true, {}}, line};
  if (line.empty()) return result;
  JsonCursor cursor(line);
  const std::string_view error = cursor.Peek() == '{' ? Members(&cursor) : kNoObject;
  if (!error.empty()) {
    result.fields.complete = false;
    result.fields.error = error;
  }
  if (!error.empty() || !packed_) {
    fields_.clear();
  } else {
    result.line = entry_;
  }
  return result;
}

std::string_view UnpackParser::Members(JsonCursor* cursor) {
  cursor->Advance();
  if (cursor->Peek() == '\0') return json_errors::kMalformed;
  while (cursor->Peek() != '}') {
    if (const std::string_view error = Member(cursor); !error.empty()) return error;
    const char next = cursor->Peek();
    if (next == '}') break;
    if (next == '\0') return json_errors::kArray;
    if (next != ',') return json_errors::kObject;
    cursor->Advance();
    if (cursor->Peek() == '\0') return json_errors::kArray;
  }
  return {};
}

std::string_view UnpackParser::Member(JsonCursor* cursor) {
  std::string_view key;
  std::string_view value;
  JsonType type;
  if (const std::string_view error = cursor->Key(&key); !error.empty()) return error;
  if (const std::string_view error = cursor->Value(&type, &value); !error.empty()) return error;
  if (type != JsonType::kString) return {};
  const std::optional<std::string_view> text = Unescape(key, Escapes::kJson, &arena_);
  if (!text) return json_errors::kMalformed;
  if (*text == kEntry) {
    entry_ = JsonLabelValue(value, &arena_);
    packed_ = true;
    return {};
  }
  const std::string_view name = names_.Get({}, *text, &arena_);
  if (!name.empty() && wanted_->Wants(name)) {
    fields_.push_back({name, JsonLabelValue(value, &arena_)});
  }
  return {};
}

}  // namespace tidegate::logql
