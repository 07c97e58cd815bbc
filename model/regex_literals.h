// What can be told about a regular expression without running it.
#ifndef TIDEGATE_MODEL_REGEX_LITERALS_H_
#define TIDEGATE_MODEL_REGEX_LITERALS_H_

#include <string>
#include <string_view>
#include <vector>

namespace tidegate::model {

struct RegexLiterals {
  // All strings that match, sorted and unique, when the expression is nothing but literals joined
  // by
  // `|` and non-nested groups around them (at most 4096); empty = not such an expression.
  std::vector<std::string> alternatives;
  // Every match starts with this; empty = nothing known.
  std::string prefix;
};

// For a valid, fully anchored RE2 expression. Conservative: what it cannot prove it leaves empty.
RegexLiterals ExtractLiterals(std::string_view expression);

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_REGEX_LITERALS_H_
