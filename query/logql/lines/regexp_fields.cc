#include "query/logql/lines/regexp_fields.h"

#include <map>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "fmt/format.h"

namespace tidegate::logql {
namespace {

// Groups are made of word characters already.
bool CanBeLabel(const std::string& name) {
  for (const char c : name) {
    if (!absl::ascii_isalnum(static_cast<unsigned char>(c)) && c != '_') return false;
  }
  return !name.empty() && !absl::ascii_isdigit(static_cast<unsigned char>(name[0]));
}

}  // namespace

absl::StatusOr<RegexpFieldParser> RegexpFieldParser::Create(std::string_view expression,
                                                            const WantedFields* wanted) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  RegexpFieldParser parser;
  parser.expression_ =
      std::make_unique<re2::RE2>(re2::StringPiece(expression.data(), expression.size()), options);
  if (!parser.expression_->ok()) {
    return absl::InvalidArgumentError(
        fmt::format("error parsing regexp: {}", parser.expression_->error()));
  }
  const std::map<int, std::string>& names = parser.expression_->CapturingGroupNames();
  if (names.empty()) {
    return absl::InvalidArgumentError("at least one named capture must be supplied");
  }
  std::set<std::string_view> seen;
  for (const auto& [index, name] : names) {
    if (!seen.insert(name).second) {
      return absl::InvalidArgumentError(fmt::format("duplicate extracted label name '{}'", name));
    }
    if (!CanBeLabel(name)) {
      return absl::InvalidArgumentError(fmt::format("invalid extracted label name '{}'", name));
    }
    if (wanted->Wants(name)) parser.groups_.push_back({static_cast<size_t>(index), name});
  }
  // Groups behind the last wanted one are not looked for: RE2 is faster the fewer it must find.
  const size_t submatches = parser.groups_.empty() ? 0 : parser.groups_.back().index + 1;
  parser.matches_.resize(submatches);
  return parser;
}

LineFields RegexpFieldParser::Parse(std::string_view line) {
  fields_.clear();
  const LineFields result = {&fields_, true, {}};
  if (groups_.empty()) return result;
  const re2::StringPiece text(line.data(), line.size());
  if (!expression_->Match(text, 0, text.size(), re2::RE2::UNANCHORED, matches_.data(),
                          static_cast<int>(matches_.size()))) {
    return result;
  }
  for (const Group& group : groups_) {
    const re2::StringPiece& match = matches_[group.index];
    fields_.push_back({group.name, std::string_view(match.data(), match.size())});
  }
  return result;
}

}  // namespace tidegate::logql
