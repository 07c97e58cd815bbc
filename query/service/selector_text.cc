#include "query/selector_text.h"

#include <algorithm>

#include "query/promql/syntax/parser.h"

namespace tidegate::query {

absl::StatusOr<std::vector<model::CompiledMatcher>> ParseSelector(const std::string& text) {
  absl::StatusOr<std::vector<model::Matcher>> matchers = promql::ParseMetricSelector(text);
  if (!matchers.ok()) return matchers.status();
  absl::StatusOr<std::vector<model::CompiledMatcher>> compiled = model::CompileMatchers(*matchers);
  if (!compiled.ok()) return compiled.status();
  if (std::all_of(compiled->begin(), compiled->end(),
                  [](const model::CompiledMatcher& m) { return m.MatchesEmpty(); })) {
    return absl::InvalidArgumentError("match[] must contain at least one non-empty matcher");
  }
  return compiled;
}

}  // namespace tidegate::query
