#include "model/regex_replacement.h"

#include <re2/re2.h>

#include <cctype>
#include <utility>
#include <vector>

#include "absl/status/status.h"

namespace tidegate::model {
namespace {

using Groups = std::vector<re2::StringPiece>;

bool IsWord(char c) { return c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0; }

// Returns the size of the reference behind the $; 0 when it is malformed.
size_t GroupName(std::string_view text, std::string_view* name) {
  const bool braces = text.starts_with('{');
  const size_t begin = braces ? 1 : 0;
  size_t end = begin;
  while (end < text.size() && IsWord(text[end])) ++end;
  if (end == begin) return 0;
  *name = text.substr(begin, end - begin);
  if (!braces) return end;
  return end < text.size() && text[end] == '}' ? end + 1 : 0;
}

std::string_view GroupText(const re2::RE2& expression, const Groups& groups,
                           std::string_view name) {
  size_t number = 0;
  bool numeric = name.size() < 9;
  for (const char c : name) {
    numeric = numeric && c >= '0' && c <= '9';
    if (numeric) number = number * 10 + static_cast<size_t>(c - '0');
  }
  if (!numeric) {
    const auto& names = expression.NamedCapturingGroups();
    const auto it = names.find(std::string(name));
    if (it == names.end()) return {};
    number = static_cast<size_t>(it->second);
  }
  if (number >= groups.size() || groups[number].data() == nullptr) return {};
  return {groups[number].data(), groups[number].size()};
}

void Expand(const re2::RE2& expression, const Groups& groups, std::string_view rest,
            std::string* out) {
  out->clear();
  while (!rest.empty()) {
    const size_t dollar = rest.find('$');
    out->append(rest.substr(0, dollar));
    if (dollar == std::string_view::npos) return;
    rest.remove_prefix(dollar + 1);
    std::string_view name;
    const size_t used = GroupName(rest, &name);
    if (used == 0) {
      out->push_back('$');
      if (rest.starts_with('$')) rest.remove_prefix(1);
      continue;
    }
    rest.remove_prefix(used);
    out->append(GroupText(expression, groups, name));
  }
}

}  // namespace

absl::StatusOr<RegexReplacement> RegexReplacement::Compile(const std::string& expression,
                                                           std::string replacement) {
  RegexReplacement compiled;
  compiled.expression_ =
      std::make_shared<const re2::RE2>("^(?s:" + expression + ")$", re2::RE2::Quiet);
  if (!compiled.expression_->ok()) {
    return absl::InvalidArgumentError(compiled.expression_->error());
  }
  compiled.replacement_ = std::move(replacement);
  return compiled;
}

bool RegexReplacement::Matches(std::string_view value) const {
  return expression_->Match({value.data(), value.size()}, 0, value.size(), re2::RE2::ANCHOR_BOTH,
                            nullptr, 0);
}

bool RegexReplacement::Apply(std::string_view value, std::string* out) const {
  return Apply(value, replacement_, out);
}

bool RegexReplacement::Apply(std::string_view value, std::string_view replacement,
                             std::string* out) const {
  Groups groups(static_cast<size_t>(expression_->NumberOfCapturingGroups()) + 1);
  if (!expression_->Match({value.data(), value.size()}, 0, value.size(), re2::RE2::ANCHOR_BOTH,
                          groups.data(), static_cast<int>(groups.size()))) {
    return false;
  }
  Expand(*expression_, groups, replacement, out);
  return true;
}

}  // namespace tidegate::model
