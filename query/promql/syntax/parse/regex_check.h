// The regular expressions of matchers: valid, and what they say about a missing label.
#ifndef TIDEGATE_QUERY_PROMQL_SYNTAX_PARSE_REGEX_CHECK_H_
#define TIDEGATE_QUERY_PROMQL_SYNTAX_PARSE_REGEX_CHECK_H_

#include <string_view>

#include "absl/status/status.h"
#include "model/matcher.h"

namespace tidegate::promql {

// InvalidArgument with Go's text if `pattern` is no valid RE2 expression. Expressions are anchored
// at both ends and `.` matches newlines.
absl::Status CheckRegex(std::string_view pattern);

// Whether series without the label match. The expression of the matcher must be valid.
bool MatchesEmpty(const model::Matcher& matcher);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_SYNTAX_PARSE_REGEX_CHECK_H_
