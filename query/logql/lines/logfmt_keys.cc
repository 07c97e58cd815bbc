#include "query/logql/lines/logfmt_keys.h"

#include <utility>

namespace tidegate::logql {

LogfmtKeyParser::LogfmtKeyParser(LogfmtOptions options, std::vector<LogfmtKeyField> fields)
    : options_(options), keys_(std::move(fields)) {}

LineFields LogfmtKeyParser::Parse(std::string_view line) {
  arena_.Reset();
  fields_.clear();
  for (const LogfmtKeyField& field : keys_) fields_.push_back({field.name, {}});
  found_.assign(keys_.size(), false);
  missing_ = keys_.size();
  LogfmtScanner scanner(line, &arena_);
  while (missing_ > 0) {
    const LogfmtScanner::Step step = scanner.Next();
    if (step == LogfmtScanner::Step::kEnd) break;
    if (step == LogfmtScanner::Step::kPair) {
      Set(names_.Get({}, scanner.key(), &arena_), scanner.value());
    } else if (options_.strict) {
      error_ = scanner.Error();
      return {&fields_, false, error_};
    }
  }
  return {&fields_, true, {}};
}

void LogfmtKeyParser::Set(std::string_view key, std::string_view value) {
  for (size_t i = 0; i < keys_.size(); ++i) {
    if (found_[i] || keys_[i].key != key) continue;
    found_[i] = true;
    --missing_;
    fields_[i].value = value;
  }
}

}  // namespace tidegate::logql
