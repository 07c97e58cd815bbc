// Duration expressions into constants, for one query.
#ifndef TIDEGATE_QUERY_PROMQL_SYNTAX_DURATION_RESOLVER_H_
#define TIDEGATE_QUERY_PROMQL_SYNTAX_DURATION_RESOLVER_H_

#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"
#include "query/promql/syntax/ast.h"

namespace tidegate::promql {

// The window of a query. An instant query has start = end and step 0.
struct QueryWindow {
  int64_t start_ms = 0;
  int64_t end_ms = 0;  // inclusive
  int64_t step_ms = 0;
};

// A copy of `expr` in which every DurationSpec is a constant: step() is the step of the window,
// range() its length. InvalidArgument, with Prometheus' text ("START:END: ...", byte offsets), for
// a division by zero, a range or step that is not positive, and a duration beyond 292 years. Pure.
absl::StatusOr<std::unique_ptr<const Expr>> ResolveDurations(const Expr& expr,
                                                             const QueryWindow& window);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_SYNTAX_DURATION_RESOLVER_H_
