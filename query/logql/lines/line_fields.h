// What a parser of lines hands to the stages behind it.
#ifndef TIDEGATE_QUERY_LOGQL_LINES_LINE_FIELDS_H_
#define TIDEGATE_QUERY_LOGQL_LINES_LINE_FIELDS_H_

#include <string_view>
#include <vector>

namespace tidegate::logql {

// The name is a label name already (see label_name.h); the value is decoded, and valid UTF-8 except
// where a parser's contract says otherwise. Both live until the parser's next line.
struct LineField {
  std::string_view name;
  std::string_view value;
};

inline bool operator==(const LineField& a, const LineField& b) {
  return a.name == b.name && a.value == b.value;
}

// Fields in the order of the line, repeated names included: which of them wins is the label
// builder's rule. What was read before an error stays.
struct LineFields {
  const std::vector<LineField>* fields = nullptr;  // The parser's; never null.
  bool complete = true;                            // False: the line breaks the format's rules.
  std::string_view error;                          // Why, where users are told; may be empty.
};

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_LINES_LINE_FIELDS_H_
