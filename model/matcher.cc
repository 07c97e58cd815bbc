#include "model/matcher.h"

#include <re2/re2.h>

#include <algorithm>
#include <utility>

#include "fmt/format.h"
#include "model/quote.h"
#include "model/regex_literals.h"

namespace tidegate::model {
namespace {

re2::StringPiece Piece(std::string_view text) { return {text.data(), text.size()}; }

// Fully anchored, and `.` matches a newline: the flags of Prometheus' FastRegexMatcher.
std::shared_ptr<const re2::RE2> CompileRegex(const std::string& expression) {
  re2::RE2::Options options;
  options.set_dot_nl(true);
  options.set_log_errors(false);
  options.set_encoding(re2::RE2::Options::EncodingUTF8);
  return std::make_shared<const re2::RE2>(expression, options);
}

}  // namespace

std::string_view MatchOperator(MatchType type) {
  switch (type) {
    case MatchType::kEqual:
      return "=";
    case MatchType::kNotEqual:
      return "!=";
    case MatchType::kRegex:
      return "=~";
    case MatchType::kNotRegex:
      return "!~";
  }
  return "?";
}

std::string ToString(const Matcher& matcher) {
  std::string out = matcher.name;
  out.append(MatchOperator(matcher.type));
  AppendQuoted(matcher.value, &out);
  return out;
}

absl::StatusOr<CompiledMatcher> CompiledMatcher::Compile(Matcher matcher) {
  CompiledMatcher compiled;
  const bool is_regex = matcher.type == MatchType::kRegex || matcher.type == MatchType::kNotRegex;
  if (is_regex) {
    compiled.regex_ = CompileRegex(matcher.value);
    if (!compiled.regex_->ok()) {
      return absl::InvalidArgumentError(
          fmt::format("error parsing regexp: {}", compiled.regex_->error()));
    }
    RegexLiterals literals = ExtractLiterals(matcher.value);
    if (matcher.type == MatchType::kRegex) {
      compiled.prefix_ = std::move(literals.prefix);
      if (!literals.alternatives.empty()) {
        compiled.literals_ =
            std::make_shared<const std::vector<std::string>>(std::move(literals.alternatives));
      }
    }
  } else if (matcher.type == MatchType::kEqual) {
    compiled.literals_ =
        std::make_shared<const std::vector<std::string>>(std::vector<std::string>{matcher.value});
    compiled.prefix_ = matcher.value;
  }
  compiled.matcher_ = std::move(matcher);
  compiled.matches_empty_ = compiled.Matches("");
  return compiled;
}

bool CompiledMatcher::Matches(std::string_view value) const {
  switch (matcher_.type) {
    case MatchType::kEqual:
      return value == matcher_.value;
    case MatchType::kNotEqual:
      return value != matcher_.value;
    case MatchType::kRegex:
      if (literals_ != nullptr) {
        return std::binary_search(literals_->begin(), literals_->end(), value);
      }
      return re2::RE2::FullMatch(Piece(value), *regex_);
    case MatchType::kNotRegex:
      return !re2::RE2::FullMatch(Piece(value), *regex_);
  }
  return false;
}

absl::StatusOr<std::vector<CompiledMatcher>> CompileMatchers(const std::vector<Matcher>& matchers) {
  std::vector<CompiledMatcher> compiled;
  compiled.reserve(matchers.size());
  for (const Matcher& matcher : matchers) {
    absl::StatusOr<CompiledMatcher> one = CompiledMatcher::Compile(matcher);
    if (!one.ok()) return one.status();
    compiled.push_back(*std::move(one));
  }
  return compiled;
}

}  // namespace tidegate::model
