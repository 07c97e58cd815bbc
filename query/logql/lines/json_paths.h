// `| json a="pod.uuid", b="list[0]"`: the values at given places of a JSON text.
#ifndef TIDEGATE_QUERY_LOGQL_LINES_JSON_PATHS_H_
#define TIDEGATE_QUERY_LOGQL_LINES_JSON_PATHS_H_

#include <string>
#include <string_view>
#include <vector>

#include "query/logql/lines/field_path.h"
#include "query/logql/lines/json_scan.h"
#include "query/logql/lines/line_arena.h"
#include "query/logql/lines/line_fields.h"

namespace tidegate::logql {

struct JsonPathField {
  std::string name;
  FieldPath path;  // Not empty.
};

// Every field is delivered, in the order given: empty when nothing is there or it is null; objects,
// arrays and numbers as they are written (bytes that are no UTF-8 included); strings decoded. The
// first of equal keys counts. One pass for all paths. An empty line has no field at all; a line
// that begins neither as an object, an array nor a string is incomplete, without a reason; what is
// broken further behind is no error. Owned by one thread.
class JsonPathParser {
 public:
  explicit JsonPathParser(std::vector<JsonPathField> fields);

  LineFields Parse(std::string_view line);

 private:
  // The indexes of the paths that lead through the value that is being read.
  using Active = std::vector<size_t>;
  void Visit(std::string_view text, const Active& active, size_t depth);
  void VisitObject(JsonCursor* cursor, const Active& active, size_t depth);
  void VisitArray(JsonCursor* cursor, const Active& active, size_t depth);
  // The value behind `step`: sets what ends here, goes on with the others.
  void Step(const PathStep& step, JsonType type, std::string_view value, const Active& active,
            size_t depth);

  const std::vector<JsonPathField> paths_;
  Active all_;
  LineArena arena_;
  std::vector<LineField> fields_;
  std::vector<bool> found_;
  size_t missing_ = 0;
};

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_LINES_JSON_PATHS_H_
