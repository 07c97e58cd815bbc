// `| logfmt a, lvl="level"`: the values of given keys.
#ifndef TIDEGATE_QUERY_LOGQL_LINES_LOGFMT_KEYS_H_
#define TIDEGATE_QUERY_LOGQL_LINES_LOGFMT_KEYS_H_

#include <string>
#include <string_view>
#include <vector>

#include "query/logql/lines/label_name.h"
#include "query/logql/lines/line_arena.h"
#include "query/logql/lines/line_fields.h"
#include "query/logql/lines/logfmt_fields.h"

namespace tidegate::logql {

struct LogfmtKeyField {
  std::string name;
  std::string key;  // As a label name: "foo.bar" is asked for as foo_bar.
};

// Every field is delivered, in the order given, empty when the key is absent or has no value. The
// first of equal keys counts. Broken pairs as LogfmtFieldParser; keep_empty changes nothing. Owned
// by one thread.
class LogfmtKeyParser {
 public:
  LogfmtKeyParser(LogfmtOptions options, std::vector<LogfmtKeyField> fields);

  LineFields Parse(std::string_view line);

 private:
  void Set(std::string_view key, std::string_view value);

  const LogfmtOptions options_;
  const std::vector<LogfmtKeyField> keys_;
  LabelNames names_;
  LineArena arena_;
  std::vector<LineField> fields_;
  std::vector<bool> found_;
  size_t missing_ = 0;
  std::string error_;
};

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_LINES_LOGFMT_KEYS_H_
