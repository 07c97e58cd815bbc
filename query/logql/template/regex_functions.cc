#include <re2/re2.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "query/logql/lines/line_text.h"
#include "query/logql/template/functions.h"

namespace tidegate::logql {
namespace {

using Groups = std::vector<re2::StringPiece>;

re2::RE2::Options QuietOptions() {
  re2::RE2::Options options;
  options.set_log_errors(false);
  return options;
}

absl::Status BadExpression(const re2::RE2& expression) {
  return absl::InvalidArgumentError("error parsing regexp: " + expression.error());
}

// Calls `visit(groups, offset)` for every match from left to right, none overlapping. As in Go, an
// empty match right behind another match does not count. Stops when `visit` returns false.
template <typename Visit>
void ForEachMatch(const re2::RE2& expression, std::string_view text, Visit visit) {
  const re2::StringPiece piece(text.data(), text.size());
  Groups groups(static_cast<size_t>(expression.NumberOfCapturingGroups()) + 1);
  size_t at = 0;
  size_t last_end = std::string_view::npos;
  while (at <= text.size() && expression.Match(piece, at, text.size(), re2::RE2::UNANCHORED,
                                               groups.data(), static_cast<int>(groups.size()))) {
    const auto begin = static_cast<size_t>(groups[0].data() - text.data());
    const size_t end = begin + groups[0].size();
    const bool counts = begin != end || begin != last_end;
    if (counts && !visit(groups, begin)) return;
    if (counts) last_end = end;
    at = end;
    if (begin == end) at += at < text.size() ? RuneLength(text.substr(at)) : 1;
  }
}

bool IsNameChar(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

// The name behind a '$', plain or in braces, whose characters it takes off `rest`; empty: there is
// none, and nothing is taken.
std::string_view TakeReference(std::string_view* rest) {
  const bool braces = !rest->empty() && rest->front() == '{';
  const std::string_view inside = rest->substr(braces ? 1 : 0);
  size_t length = 0;
  while (length < inside.size() && IsNameChar(inside[length])) ++length;
  if (length == 0 || (braces && (length == inside.size() || inside[length] != '}'))) return {};
  rest->remove_prefix(length + (braces ? 2 : 0));
  return inside.substr(0, length);
}

// The group of this number or name; empty if there is none.
std::string_view GroupText(const re2::RE2& expression, const Groups& groups,
                           std::string_view reference) {
  size_t index = 0;
  const char* const end = reference.data() + reference.size();
  if (std::from_chars(reference.data(), end, index).ptr != end) {
    const auto& names = expression.NamedCapturingGroups();
    const auto found = names.find(std::string(reference));
    if (found == names.end()) return {};
    index = static_cast<size_t>(found->second);
  }
  if (index >= groups.size()) return {};
  return {groups[index].data(), groups[index].size()};
}

// Go's Expand: $1, ${1}, $name, ${name}, $$.
void AppendExpanded(const re2::RE2& expression, const Groups& groups, std::string_view replacement,
                    std::string* out) {
  while (!replacement.empty()) {
    const size_t dollar = std::min(replacement.find('$'), replacement.size());
    out->append(replacement.substr(0, dollar));
    replacement.remove_prefix(dollar);
    if (replacement.empty()) return;
    replacement.remove_prefix(1);
    if (!replacement.empty() && replacement.front() == '$') {
      out->push_back('$');
      replacement.remove_prefix(1);
      continue;
    }
    const std::string_view reference = TakeReference(&replacement);
    if (reference.empty()) {
      out->push_back('$');
    } else {
      out->append(GroupText(expression, groups, reference));
    }
  }
}

// Behind the expression: text, replacement.
absl::StatusOr<Value> ReplaceMatches(const re2::RE2& expression, Arguments args, bool literal) {
  if (!expression.ok()) return BadExpression(expression);
  const std::string text = Print(args[1]);
  const std::string replacement = Print(args[2]);
  std::string out;
  size_t copied = 0;
  ForEachMatch(expression, text, [&](const Groups& groups, size_t begin) {
    out.append(text, copied, begin - copied);
    copied = begin + groups[0].size();
    if (literal) {
      out += replacement;
    } else {
      AppendExpanded(expression, groups, replacement, &out);
    }
    return out.size() <= kMaxTemplateText;
  });
  out.append(text, copied);
  if (out.size() > kMaxTemplateText) {
    return absl::InvalidArgumentError("the text would become too long");
  }
  return Value(std::move(out));
}

absl::StatusOr<Value> ReplaceAll(const re2::RE2& expression, Arguments args) {
  return ReplaceMatches(expression, args, false);
}
absl::StatusOr<Value> ReplaceAllLiteral(const re2::RE2& expression, Arguments args) {
  return ReplaceMatches(expression, args, true);
}

// How often an expression matches a text.
absl::StatusOr<Value> Count(const re2::RE2& expression, Arguments args) {
  if (!expression.ok()) return BadExpression(expression);
  const std::string text = Print(args[1]);
  int64_t count = 0;
  ForEachMatch(expression, text, [&](const Groups&, size_t) {
    ++count;
    return true;
  });
  return Value(count);
}

template <absl::StatusOr<Value> (*kFunction)(const re2::RE2&, Arguments)>
absl::StatusOr<Value> Compiling(Arguments args) {
  return kFunction(re2::RE2(Print(args[0]), QuietOptions()), args);
}

}  // namespace

absl::Span<const TemplateFunction> RegexFunctions() {
  static constexpr TemplateFunction kFunctions[] = {
      {"count", 2, 2, Compiling<Count>, "s", Count},
      {"regexReplaceAll", 3, 3, Compiling<ReplaceAll>, "s", ReplaceAll},
      {"regexReplaceAllLiteral", 3, 3, Compiling<ReplaceAllLiteral>, "s", ReplaceAllLiteral},
  };
  return kFunctions;
}

}  // namespace tidegate::logql
