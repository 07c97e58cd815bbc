// The pattern language of `| pattern "<ip> - <_>"` and `|> "<_> error <_>"`: literals and captures.
#ifndef TIDEGATE_QUERY_LOGQL_LINES_LINE_PATTERN_H_
#define TIDEGATE_QUERY_LOGQL_LINES_LINE_PATTERN_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "query/logql/lines/line_fields.h"
#include "query/logql/lines/wanted_fields.h"

namespace tidegate::logql {

struct PatternNode {
  bool capture = false;
  std::string text;  // A literal's text; a capture's name, "_" = unnamed.
};

// What looks like a capture but has no name that a label could have is a literal; literals side by
// side are one.
std::vector<PatternNode> ReadPattern(std::string_view expression);

// `| pattern`: InvalidArgument without a named capture, with two captures side by side or with a
// name twice.
absl::StatusOr<std::vector<PatternNode>> ParseFieldPattern(std::string_view expression);
// `|>`: InvalidArgument with a named capture or two captures side by side. May be empty.
absl::StatusOr<std::vector<PatternNode>> ParseLineFilterPattern(std::string_view expression);

// Whether the whole line is as the pattern says. A literal is looked for from left to right, the
// first place counts; captures are not empty; an empty pattern matches the empty line.
bool MatchesPattern(const std::vector<PatternNode>& pattern, std::string_view line);

// Values are parts of the line as they are, so they live as long as the line. A literal at the
// beginning must be there; the capture before a literal that is not found takes the rest, and the
// captures behind have no field. Never an error. Owned by one thread.
class PatternFieldParser {
 public:
  // `pattern` comes from ParseFieldPattern; `wanted` must outlive the parser.
  PatternFieldParser(std::vector<PatternNode> pattern, const WantedFields* wanted);

  LineFields Parse(std::string_view line);

 private:
  const std::vector<PatternNode> pattern_;
  std::vector<bool> deliver_;  // Of every node.
  std::vector<LineField> fields_;
};

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_LINES_LINE_PATTERN_H_
