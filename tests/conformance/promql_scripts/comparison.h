// Whether an answer is the one that a script expects.
#ifndef TIDEGATE_TESTS_CONFORMANCE_PROMQL_SCRIPTS_COMPARISON_H_
#define TIDEGATE_TESTS_CONFORMANCE_PROMQL_SCRIPTS_COMPARISON_H_

#include <string>

#include "absl/status/statusor.h"
#include "query/query_result.h"
#include "tests/conformance/promql_scripts/script.h"

namespace tidegate::conformance {

// Empty when the answer is as expected; otherwise what differs. Floats may differ by one in a
// million; counter reset hints are compared where the script writes one.
std::string Compare(const EvalCommand& expected, const absl::StatusOr<query::QueryResult>& actual);

// Only the values, at one step of an instant query that was run as a range query.
std::string CompareInstant(const EvalCommand& expected, const query::QueryResult& actual,
                           int64_t time_ms);

}  // namespace tidegate::conformance

#endif  // TIDEGATE_TESTS_CONFORMANCE_PROMQL_SCRIPTS_COMPARISON_H_
