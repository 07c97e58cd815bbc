// `| json`: the fields of an object, those of nested objects joined with '_'.
#ifndef TIDEGATE_QUERY_LOGQL_LINES_JSON_FIELDS_H_
#define TIDEGATE_QUERY_LOGQL_LINES_JSON_FIELDS_H_

#include <string_view>
#include <vector>

#include "query/logql/lines/json_scan.h"
#include "query/logql/lines/label_name.h"
#include "query/logql/lines/line_arena.h"
#include "query/logql/lines/line_fields.h"
#include "query/logql/lines/wanted_fields.h"

namespace tidegate::logql {

// Strings decoded (a bad escape: empty; U+FFFD: a space), numbers and booleans as written, arrays
// and null left out. Once every wanted name was found the rest of the line is not read, and can be
// no error. A nested object without an end gives none of its fields. Owned by one thread.
class JsonFieldParser {
 public:
  // Objects nested deeper are an error; the cost of a line is its size times its depth.
  static constexpr int kMaxDepth = 128;

  // `wanted` must outlive the parser.
  explicit JsonFieldParser(const WantedFields* wanted) : wanted_(wanted) {}

  LineFields Parse(std::string_view line);

 private:
  std::string_view Object(std::string_view text, std::string_view prefix, int depth);
  std::string_view Member(JsonCursor* cursor, std::string_view prefix, int depth);
  void Add(std::string_view name, JsonType type, std::string_view value);
  bool FoundAll() const { return !wanted_->everything() && found_ == wanted_->size(); }

  const WantedFields* const wanted_;
  LabelNames names_;
  LineArena arena_;
  std::vector<LineField> fields_;
  size_t found_ = 0;  // Distinct wanted names among fields_.
};

// A string's value as a label has it: decoded, a bad escape reads as nothing, a bad character as a
// space.
std::string_view JsonLabelValue(std::string_view escaped, LineArena* arena);

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_LINES_JSON_FIELDS_H_
