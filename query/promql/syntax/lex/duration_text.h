// Durations as Prometheus writes them: `1h30m`, `250ms`.
//
// Units from long to short, each at most once: y (365 d), w (7 d), d, h, m, s, ms.
#ifndef TIDEGATE_QUERY_PROMQL_SYNTAX_LEX_DURATION_TEXT_H_
#define TIDEGATE_QUERY_PROMQL_SYNTAX_LEX_DURATION_TEXT_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace tidegate::promql {

// Milliseconds; "0" is allowed without a unit. InvalidArgument with Prometheus' text, also beyond
// 2^63 ns (about 292 years).
absl::StatusOr<int64_t> ParseDurationMs(std::string_view text);

// The canonical text of `ms` >= 0: years and weeks only if nothing is left over, "0s" for 0.
std::string FormatDurationMs(int64_t ms);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_SYNTAX_LEX_DURATION_TEXT_H_
