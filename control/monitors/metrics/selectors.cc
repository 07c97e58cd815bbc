#include "control/monitors/metrics/selectors.h"

#include <fmt/format.h>

#include <cctype>

#include "model/quote.h"

namespace tidegate::control {
namespace {

void AppendEscaped(char c, std::string* out) {
  const auto byte = static_cast<unsigned char>(c);
  if (byte < 0x80 && std::isalnum(byte) == 0 && c != '_') *out += '\\';
  *out += c;
}

std::string NameMatcher(std::string_view metric) {
  return HasWildcard(metric) ? fmt::format("__name__=~{}", model::Quoted(WildcardPattern(metric)))
                             : fmt::format("__name__={}", model::Quoted(metric));
}

}  // namespace

std::string AnyOf(const std::vector<std::string>& texts) {
  std::string pattern;
  for (const std::string& text : texts) {
    if (!pattern.empty()) pattern += '|';
    for (const char c : text) AppendEscaped(c, &pattern);
  }
  return pattern;
}

bool HasWildcard(std::string_view metric) { return metric.find_first_of("*#") != metric.npos; }

std::string WildcardPattern(std::string_view metric) {
  std::string pattern;
  for (const char c : metric) {
    if (c == '*' || c == '#') {
      pattern += "[-a-zA-Z0-9_]+";
    } else {
      AppendEscaped(c, &pattern);
    }
  }
  return pattern;
}

std::string SelectorOf(std::string_view metric, std::string_view label, std::string_view value) {
  return fmt::format("{{{},{}={}}}", NameMatcher(metric), label, model::Quoted(value));
}

std::string SelectorOfAny(std::string_view metric, std::string_view label,
                          const std::vector<std::string>& values) {
  return fmt::format("{{{},{}=~{}}}", NameMatcher(metric), label, model::Quoted(AnyOf(values)));
}

std::string SelectorOfAll(std::string_view metric, std::string_view label) {
  return fmt::format("{{{},{}!=\"\"}}", NameMatcher(metric), label);
}

}  // namespace tidegate::control
