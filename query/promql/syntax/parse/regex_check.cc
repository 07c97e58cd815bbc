#include "query/promql/syntax/parse/regex_check.h"

#include <string>

#include "fmt/format.h"
#include "re2/re2.h"

namespace tidegate::promql {
namespace {

// Anchors are part of the pattern, not of the match, so that messages quote what Prometheus quotes.
std::string Anchored(std::string_view pattern) { return fmt::format("^(?s:{})$", pattern); }

RE2::Options QuietOptions() {
  RE2::Options options;
  options.set_log_errors(false);
  return options;
}

// The words of Go's regexp/syntax.
std::string_view ReasonText(RE2::ErrorCode code) {
  switch (code) {
    case RE2::ErrorBadEscape:
      return "invalid escape sequence";
    case RE2::ErrorBadCharClass:
      return "invalid character class";
    case RE2::ErrorBadCharRange:
      return "invalid character class range";
    case RE2::ErrorMissingBracket:
      return "missing closing ]";
    case RE2::ErrorMissingParen:
      return "missing closing )";
    case RE2::ErrorUnexpectedParen:
      return "unexpected )";
    case RE2::ErrorTrailingBackslash:
      return "trailing backslash at end of expression";
    case RE2::ErrorRepeatArgument:
      return "missing argument to repetition operator";
    case RE2::ErrorRepeatSize:
      return "invalid repeat count";
    case RE2::ErrorRepeatOp:
      return "invalid nested repetition operator";
    case RE2::ErrorBadPerlOp:
      return "invalid or unsupported Perl syntax";
    case RE2::ErrorBadUTF8:
      return "invalid UTF-8";
    case RE2::ErrorBadNamedCapture:
      return "invalid named capture";
    case RE2::ErrorPatternTooLarge:
      return "expression too large";
    default:
      return "unexpected error";
  }
}

}  // namespace

absl::Status CheckRegex(std::string_view pattern) {
  const RE2 regex(Anchored(pattern), QuietOptions());
  if (regex.ok()) return absl::OkStatus();
  return absl::InvalidArgumentError(fmt::format("error parsing regexp: {}: `{}`",
                                                ReasonText(regex.error_code()), regex.error_arg()));
}

bool MatchesEmpty(const model::Matcher& matcher) {
  switch (matcher.type) {
    case model::MatchType::kEqual:
      return matcher.value.empty();
    case model::MatchType::kNotEqual:
      return !matcher.value.empty();
    default:
      break;
  }
  const RE2 regex(Anchored(matcher.value), QuietOptions());
  const bool matches = regex.ok() && RE2::PartialMatch("", regex);
  return matches == (matcher.type == model::MatchType::kRegex);
}

}  // namespace tidegate::promql
