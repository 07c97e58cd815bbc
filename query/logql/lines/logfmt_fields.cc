#include "query/logql/lines/logfmt_fields.h"

#include <algorithm>
#include <optional>

#include "fmt/format.h"
#include "query/logql/lines/line_text.h"

namespace tidegate::logql {
namespace {

bool IsBlank(char c) { return static_cast<unsigned char>(c) <= ' '; }

}  // namespace

std::string LogfmtScanner::Error() const {
  return fmt::format("logfmt syntax error at pos {} : {}", error_position_, error_);
}

LogfmtScanner::Step LogfmtScanner::Next() {
  value_ = {};
  while (position_ < line_.size() && IsBlank(line_[position_])) ++position_;
  if (position_ == line_.size()) return Step::kEnd;
  const size_t begin = position_;
  const auto ends_key = [](char c) { return c == '=' || c == '"' || IsBlank(c); };
  while (position_ < line_.size() && !ends_key(line_[position_])) ++position_;
  key_ = line_.substr(begin, position_ - begin);
  const char end = position_ < line_.size() ? line_[position_] : ' ';
  if (end == '"' || key_.empty()) return Unexpected();
  if (HasBadRune(key_)) return Broken("invalid key");
  if (end != '=') return Step::kPair;
  ++position_;
  return Value();
}

LogfmtScanner::Step LogfmtScanner::Value() {
  if (position_ < line_.size() && line_[position_] == '"') return QuotedValue();
  const size_t begin = position_;
  while (position_ < line_.size() && !IsBlank(line_[position_])) {
    if (line_[position_] == '=' || line_[position_] == '"') return Unexpected();
    ++position_;
  }
  value_ = WithoutBadRunes(line_.substr(begin, position_ - begin), arena_);
  return Step::kPair;
}

LogfmtScanner::Step LogfmtScanner::QuotedValue() {
  const size_t begin = ++position_;
  while (position_ < line_.size() && line_[position_] != '"') {
    position_ += line_[position_] == '\\' ? 2 : 1;
  }
  if (position_ >= line_.size()) {
    position_ = line_.size();
    return Broken("unterminated quoted value");
  }
  const std::string_view escaped = line_.substr(begin, position_ - begin);
  ++position_;
  const std::optional<std::string_view> text = Unescape(escaped, Escapes::kLogfmt, arena_);
  if (!text) return Broken("invalid quoted value");
  value_ = WithoutBadRunes(*text, arena_);
  return Step::kPair;
}

LogfmtScanner::Step LogfmtScanner::Unexpected() {
  return Broken(line_[position_] == '=' ? "unexpected '='" : "unexpected '\"'");
}

LogfmtScanner::Step LogfmtScanner::Broken(const char* why) {
  error_ = why;
  error_position_ = position_ + 1;
  while (position_ < line_.size() && !IsBlank(line_[position_])) ++position_;
  return Step::kBroken;
}

LineFields LogfmtFieldParser::Parse(std::string_view line) {
  arena_.Reset();
  fields_.clear();
  found_ = 0;
  LogfmtScanner scanner(line, &arena_);
  while (!FoundAll()) {
    const LogfmtScanner::Step step = scanner.Next();
    if (step == LogfmtScanner::Step::kEnd) break;
    if (step == LogfmtScanner::Step::kPair) {
      if (scanner.value().empty() && !options_.keep_empty) continue;
      Add(names_.Get({}, scanner.key(), &arena_), scanner.value());
    } else if (options_.strict) {
      error_ = scanner.Error();
      return {&fields_, false, error_};
    }
  }
  return {&fields_, true, {}};
}

void LogfmtFieldParser::Add(std::string_view name, std::string_view value) {
  if (name.empty() || !wanted_->Wants(name)) return;
  if (!wanted_->everything() &&
      std::none_of(fields_.begin(), fields_.end(),
                   [&](const LineField& field) { return field.name == name; })) {
    ++found_;
  }
  fields_.push_back({name, value});
}

}  // namespace tidegate::logql
