#include "query/logql/lines/json_paths.h"

#include <numeric>
#include <optional>
#include <utility>

#include "query/logql/lines/json_fields.h"
#include "query/logql/lines/line_text.h"

namespace tidegate::logql {

JsonPathParser::JsonPathParser(std::vector<JsonPathField> fields) : paths_(std::move(fields)) {
  all_.resize(paths_.size());
  std::iota(all_.begin(), all_.end(), size_t{0});
}

LineFields JsonPathParser::Parse(std::string_view line) {
  arena_.Reset();
  fields_.clear();
  if (line.empty()) return {&fields_, true, {}};
  if (line[0] != '{' && line[0] != '[' && line[0] != '"') return {&fields_, false, {}};
  for (const JsonPathField& field : paths_) fields_.push_back({field.name, {}});
  found_.assign(paths_.size(), false);
  missing_ = paths_.size();
  Visit(line, all_, 0);
  return {&fields_, true, {}};
}

void JsonPathParser::Visit(std::string_view text, const Active& active, size_t depth) {
  JsonCursor cursor(text);
  const char first = cursor.Peek();
  cursor.Advance();
  if (first == '{') VisitObject(&cursor, active, depth);
  if (first == '[') VisitArray(&cursor, active, depth);
}

void JsonPathParser::VisitObject(JsonCursor* cursor, const Active& active, size_t depth) {
  while (missing_ > 0) {
    std::string_view key;
    std::string_view value;
    JsonType type;
    if (!cursor->Key(&key).empty() || !cursor->Value(&type, &value).empty()) return;
    const std::optional<std::string_view> text = Unescape(key, Escapes::kJson, &arena_);
    if (!text) return;
    Step(std::string(*text), type, value, active, depth);
    if (cursor->Peek() != ',') return;
    cursor->Advance();
  }
}

void JsonPathParser::VisitArray(JsonCursor* cursor, const Active& active, size_t depth) {
  for (uint64_t index = 0; missing_ > 0; ++index) {
    std::string_view value;
    JsonType type;
    if (!cursor->Value(&type, &value).empty()) return;
    Step(index, type, value, active, depth);
    if (cursor->Peek() != ',') return;
    cursor->Advance();
  }
}

void JsonPathParser::Step(const PathStep& step, JsonType type, std::string_view value,
                          const Active& active, size_t depth) {
  Active deeper;
  for (const size_t i : active) {
    const FieldPath& path = paths_[i].path;
    if (found_[i] || path[depth] != step) continue;
    if (path.size() > depth + 1) {
      deeper.push_back(i);
      continue;
    }
    found_[i] = true;
    --missing_;
    if (type == JsonType::kNull) continue;
    fields_[i].value = type == JsonType::kString ? JsonLabelValue(value, &arena_) : value;
  }
  if (!deeper.empty()) Visit(value, deeper, depth + 1);
}

}  // namespace tidegate::logql
