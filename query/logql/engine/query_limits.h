// A tenant's limits on what a log query asks for and answers.
#ifndef TIDEGATE_QUERY_LOGQL_ENGINE_QUERY_LIMITS_H_
#define TIDEGATE_QUERY_LOGQL_ENGINE_QUERY_LIMITS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "query/logql/syntax/ast.h"
#include "query/query_result.h"

namespace tidegate::logql {

// Zero = no limit. Names and texts are Loki's (pkg/validation/limits.go).
struct QueryLimits {
  int64_t max_range_ns = 0;     // Of a range vector, [5m].
  uint64_t max_matchers = 0;    // Of one selector.
  uint64_t max_series = 0;      // In the answer of a metric query.
  bool partial_series = false;  // Beyond it the answer is cut.
  uint64_t max_bytes_read = 0;  // Of lines in the streams and the range of one selector.
};

// Errors name the limit that refused, as the configuration has it (query/vector/refused_by.h).

// InvalidArgument when a selector has too many matchers or a range is too long.
absl::Status CheckQuery(const QueryLimits& limits, const Expr& expr);
// InvalidArgument when an answer has more series. Where partial answers are welcome they are cut to
// the first ones, and a warning says so.
absl::Status LimitSeries(const QueryLimits& limits, std::vector<query::ResultSeries>* series,
                         std::vector<std::string>* warnings);
// InvalidArgument when a selector would read more.
absl::Status CheckBytesRead(const QueryLimits& limits, uint64_t bytes);

// Every range aggregation of an expression.
void ForEachRange(const SampleExpr& expr, const std::function<void(const LogRange&)>& visit);

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_ENGINE_QUERY_LIMITS_H_
