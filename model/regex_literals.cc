#include "model/regex_literals.h"

#include <algorithm>
#include <optional>

namespace tidegate::model {
namespace {

constexpr size_t kMaxAlternatives = 4096;

bool IsMeta(char c) {
  return std::string_view("\\.+*?()|[]{}^$").find(c) != std::string_view::npos;
}

bool IsQuantifier(char c) { return c == '*' || c == '?' || c == '{' || c == '+'; }

// A literal character at `at` (plain or an escaped metacharacter), or nothing; advances past it.
std::optional<char> TakeLiteral(std::string_view expression, size_t* at) {
  const char c = expression[*at];
  if (!IsMeta(c)) {
    ++*at;
    return c;
  }
  const bool escaped_meta = c == '\\' && *at + 1 < expression.size() && IsMeta(expression[*at + 1]);
  if (!escaped_meta) return std::nullopt;
  *at += 2;
  return expression[*at - 1];
}

// Removes one pair of parentheses that spans the whole expression.
std::string_view StripGroup(std::string_view expression) {
  if (expression.size() < 2 || expression.front() != '(' || expression.back() != ')') {
    return expression;
  }
  std::string_view inner = expression.substr(1, expression.size() - 2);
  if (inner.substr(0, 2) == "?:") inner.remove_prefix(2);
  // A further parenthesis, escaped or not, could pair with the outer ones: leave it alone.
  return inner.find_first_of("()") == std::string_view::npos ? inner : expression;
}

}  // namespace

RegexLiterals ExtractLiterals(std::string_view expression) {
  RegexLiterals result;
  expression = StripGroup(expression);
  std::vector<std::string> alternatives(1);
  size_t at = 0;
  bool only_literals = true;
  while (at < expression.size()) {
    if (expression[at] == '|') {
      alternatives.emplace_back();
      ++at;
      continue;
    }
    const std::optional<char> c = TakeLiteral(expression, &at);
    if (!c.has_value()) {
      only_literals = false;
      break;
    }
    // A quantifier binds to the last character (of possibly several bytes): stop before it.
    if (at < expression.size() && IsQuantifier(expression[at])) {
      only_literals = false;
      while (!alternatives.back().empty() && (*c & 0x80) != 0 &&
             (alternatives.back().back() & 0x80) != 0) {
        alternatives.back().pop_back();
      }
      break;
    }
    alternatives.back().push_back(*c);
  }
  if (only_literals && alternatives.size() <= kMaxAlternatives) {
    std::sort(alternatives.begin(), alternatives.end());
    alternatives.erase(std::unique(alternatives.begin(), alternatives.end()), alternatives.end());
    if (alternatives.size() == 1) result.prefix = alternatives.front();
    result.alternatives = std::move(alternatives);
    return result;
  }
  // Without any `|` what was read before the first operator starts every match.
  if (alternatives.size() == 1 && expression.find('|') == std::string_view::npos) {
    result.prefix = std::move(alternatives.front());
  }
  return result;
}

}  // namespace tidegate::model
