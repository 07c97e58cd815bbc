// How long one line of a test script may become.
#ifndef TIDEGATE_QUERY_PROMQL_SYNTAX_SERIES_SERIES_LIMITS_H_
#define TIDEGATE_QUERY_PROMQL_SYNTAX_SERIES_SERIES_LIMITS_H_

#include <cstddef>

namespace tidegate::promql {

// More values than this in one line are an error: `1x1000000000` is short to write.
inline constexpr size_t kMaxSeriesValues = 1'000'000;

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_SYNTAX_SERIES_SERIES_LIMITS_H_
