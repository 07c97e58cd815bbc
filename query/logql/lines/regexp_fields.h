// `| regexp "(?P<method>\\w+) (?P<path>\\S+)"`.
#ifndef TIDEGATE_QUERY_LOGQL_LINES_REGEXP_FIELDS_H_
#define TIDEGATE_QUERY_LOGQL_LINES_REGEXP_FIELDS_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "query/logql/lines/line_fields.h"
#include "query/logql/lines/wanted_fields.h"
#include "re2/re2.h"

namespace tidegate::logql {

// The named groups of the first match, found anywhere in the line; no field without a match, empty
// ones for groups that took no part. Values are parts of the line as they are, so they live as long
// as the line. Never an error. Owned by one thread.
class RegexpFieldParser {
 public:
  // InvalidArgument: no expression, no named group, a name twice or one that no label can have.
  // `wanted` must outlive the parser.
  static absl::StatusOr<RegexpFieldParser> Create(std::string_view expression,
                                                  const WantedFields* wanted);

  LineFields Parse(std::string_view line);

 private:
  struct Group {
    size_t index;
    std::string name;
  };
  RegexpFieldParser() = default;

  std::unique_ptr<const re2::RE2> expression_;
  std::vector<Group> groups_;  // Wanted ones, in the order of the expression.
  std::vector<re2::StringPiece> matches_;
  std::vector<LineField> fields_;
};

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_LINES_REGEXP_FIELDS_H_
