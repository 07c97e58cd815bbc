// The values of an `@st` line: start timestamps relative to the samples of a series.
#ifndef TIDEGATE_QUERY_PROMQL_SYNTAX_SERIES_START_OFFSETS_H_
#define TIDEGATE_QUERY_PROMQL_SYNTAX_SERIES_START_OFFSETS_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace tidegate::promql {

// Words between spaces, in milliseconds: `_` is a gap, `_xN` N gaps, `[-]dur` an offset, `[-]durxN`
// N+1 equal ones, `[-]dur+durxN` and `[-]dur-durxN` N+1 that change by the second duration each
// step. InvalidArgument names the word that is wrong; also for more than kMaxSeriesValues values.
absl::StatusOr<std::vector<std::optional<int64_t>>> ParseStartOffsets(std::string_view text);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_SYNTAX_SERIES_START_OFFSETS_H_
