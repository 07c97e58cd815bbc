// `| unpack`: the opposite of Promtail's pack stage. The line is an object whose strings are labels
// and whose string "_entry" is the line that was packed.
#ifndef TIDEGATE_QUERY_LOGQL_LINES_UNPACK_H_
#define TIDEGATE_QUERY_LOGQL_LINES_UNPACK_H_

#include <string_view>
#include <vector>

#include "query/logql/lines/json_scan.h"
#include "query/logql/lines/label_name.h"
#include "query/logql/lines/line_arena.h"
#include "query/logql/lines/line_fields.h"
#include "query/logql/lines/wanted_fields.h"

namespace tidegate::logql {

struct UnpackedLine {
  LineFields fields;
  std::string_view line;  // The packed one; the given one when nothing was packed or on an error.
};

// Only string members count. Without "_entry", and when the object is malformed, no field is
// delivered; an empty line is left alone. Owned by one thread.
class UnpackParser {
 public:
  // `wanted` must outlive the parser.
  explicit UnpackParser(const WantedFields* wanted) : wanted_(wanted) {}

  UnpackedLine Parse(std::string_view line);

 private:
  std::string_view Members(JsonCursor* cursor);
  std::string_view Member(JsonCursor* cursor);

  const WantedFields* const wanted_;
  LabelNames names_;
  LineArena arena_;
  std::vector<LineField> fields_;
  bool packed_ = false;
  std::string_view entry_;
};

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_LINES_UNPACK_H_
