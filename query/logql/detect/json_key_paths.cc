#include "query/logql/detect/json_key_paths.h"

#include <optional>
#include <utility>

#include "query/logql/lines/json_fields.h"
#include "query/logql/lines/json_scan.h"
#include "query/logql/lines/label_name.h"
#include "query/logql/lines/line_arena.h"
#include "query/logql/lines/line_text.h"

namespace tidegate::logql {
namespace {

// One line. Lives for one call.
class PathReader {
 public:
  void Read(std::string_view object, const std::string& prefix) {
    if (path_.size() > static_cast<size_t>(JsonFieldParser::kMaxDepth)) return;
    JsonCursor cursor(object);
    if (cursor.Peek() != '{') return;
    cursor.Advance();
    while (cursor.Peek() != '}') {
      if (!Member(&cursor, prefix) || cursor.Peek() != ',') return;
      cursor.Advance();
    }
  }

  std::map<std::string, std::vector<std::string>, std::less<>> Take() { return std::move(paths_); }

 private:
  bool Member(JsonCursor* cursor, const std::string& prefix) {
    std::string_view key;
    std::string_view value;
    JsonType type;
    if (!cursor->Key(&key).empty() || !cursor->Value(&type, &value).empty()) return false;
    const std::optional<std::string_view> text = Unescape(key, Escapes::kJson, &arena_);
    if (!text) return false;
    std::string name = prefix;
    if (!name.empty()) name += '_';
    AppendLabelName(*text, &name);
    path_.emplace_back(*text);
    if (type == JsonType::kObject) {
      Read(value, name);
    } else if (type != JsonType::kArray && type != JsonType::kNull) {
      paths_.try_emplace(std::move(name), path_);
    }
    path_.pop_back();
    return true;
  }

  LineArena arena_;
  std::vector<std::string> path_;
  std::map<std::string, std::vector<std::string>, std::less<>> paths_;
};

}  // namespace

std::map<std::string, std::vector<std::string>, std::less<>> JsonKeyPaths(std::string_view line) {
  PathReader reader;
  reader.Read(line, {});
  return reader.Take();
}

}  // namespace tidegate::logql
