// Selectors as the HTTP APIs write them, in match[].
#ifndef TIDEGATE_QUERY_SELECTOR_TEXT_H_
#define TIDEGATE_QUERY_SELECTOR_TEXT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "model/matcher.h"

namespace tidegate::query {

// A vector selector in PromQL's syntax, without range, offset or @. InvalidArgument with
// Prometheus' text: it does not parse, or no matcher refuses the empty string ("match[] must
// contain at least one non-empty matcher").
absl::StatusOr<std::vector<model::CompiledMatcher>> ParseSelector(const std::string& text);

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_SELECTOR_TEXT_H_
