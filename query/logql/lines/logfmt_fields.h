// `| logfmt`: key=value pairs.
#ifndef TIDEGATE_QUERY_LOGQL_LINES_LOGFMT_FIELDS_H_
#define TIDEGATE_QUERY_LOGQL_LINES_LOGFMT_FIELDS_H_

#include <string>
#include <string_view>
#include <vector>

#include "query/logql/lines/label_name.h"
#include "query/logql/lines/line_arena.h"
#include "query/logql/lines/line_fields.h"
#include "query/logql/lines/wanted_fields.h"

namespace tidegate::logql {

// Reads pair by pair. A pair that breaks the grammar is skipped up to the next blank. Stateless but
// for its place; the line and the arena must live on.
class LogfmtScanner {
 public:
  LogfmtScanner(std::string_view line, LineArena* arena) : line_(line), arena_(arena) {}

  enum class Step { kPair, kBroken, kEnd };
  Step Next();

  // Of a pair: the key as written, the value decoded (bad characters are spaces).
  std::string_view key() const { return key_; }
  std::string_view value() const { return value_; }
  // Of a broken pair: "logfmt syntax error at pos N : ...", N counted in bytes from 1.
  std::string Error() const;

 private:
  Step Value();
  Step QuotedValue();
  Step Unexpected();
  Step Broken(const char* why);

  const std::string_view line_;
  LineArena* const arena_;
  size_t position_ = 0;
  std::string_view key_;
  std::string_view value_;
  size_t error_position_ = 0;
  const char* error_ = "";
};

struct LogfmtOptions {
  bool strict = false;      // The first broken pair ends the line with an error.
  bool keep_empty = false;  // Bare keys and empty values are fields, with an empty value.
};

// Stops once every wanted name was found. Owned by one thread.
class LogfmtFieldParser {
 public:
  // `wanted` must outlive the parser.
  LogfmtFieldParser(LogfmtOptions options, const WantedFields* wanted)
      : options_(options), wanted_(wanted) {}

  LineFields Parse(std::string_view line);

 private:
  void Add(std::string_view name, std::string_view value);
  bool FoundAll() const { return !wanted_->everything() && found_ == wanted_->size(); }

  const LogfmtOptions options_;
  const WantedFields* const wanted_;
  LabelNames names_;
  LineArena arena_;
  std::vector<LineField> fields_;
  std::string error_;
  size_t found_ = 0;  // Distinct wanted names among fields_.
};

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_LINES_LOGFMT_FIELDS_H_
