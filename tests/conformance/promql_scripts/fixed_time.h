// Rewrites queries so that their value does not depend on the evaluation time.
#ifndef TIDEGATE_TESTS_CONFORMANCE_PROMQL_SCRIPTS_FIXED_TIME_H_
#define TIDEGATE_TESTS_CONFORMANCE_PROMQL_SCRIPTS_FIXED_TIME_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tidegate::conformance {

// The query with `@ time` at every selector and subquery that has no `@` yet. Nothing when it does
// not parse or uses functions that look at the evaluation time.
std::optional<std::string> FixTime(std::string_view query, int64_t time_ms);

// Whether the query uses start(), end(), range() or step() of the whole query.
bool DependsOnWindow(std::string_view query);

}  // namespace tidegate::conformance

#endif  // TIDEGATE_TESTS_CONFORMANCE_PROMQL_SCRIPTS_FIXED_TIME_H_
