// One line of a test script: a series and its values at consecutive steps.
//
//     metric{label="value"} 1+2x3 _ stale {{count:1}}+{{count:2}}x5
//     metric{label="value"}@st _ -30s-1mx2
//
// Syntax as in Prometheus' rule and query tests: `_` is a gap, `axN` N+1 times a, `a+bxN` the N+1
// values a, a+b, ..., `_xN` N gaps. A line with `@st` gives start timestamps relative to the
// samples. Pure; safe from any thread.
#ifndef TIDEGATE_QUERY_PROMQL_SYNTAX_SERIES_SERIES_DESCRIPTION_H_
#define TIDEGATE_QUERY_PROMQL_SYNTAX_SERIES_SERIES_DESCRIPTION_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "query/promql/syntax/series/histogram_literal.h"

namespace tidegate::promql {

struct SeriesValue {
  enum class Kind { kGap, kFloat, kStale, kHistogram };

  Kind kind = Kind::kGap;
  double number = 0;  // of a kFloat

  // Of a kHistogram: `base`, to which `increment` (if not null) has been added `times` times, one
  // after the other, or subtracted.
  std::shared_ptr<const HistogramLiteral> base;
  std::shared_ptr<const HistogramLiteral> increment;
  uint64_t times = 0;
  bool subtract = false;
};

using LabelPair = std::pair<std::string, std::string>;

struct SeriesDescription {
  std::vector<LabelPair> labels;    // ordered by name; a metric name is __name__
  std::vector<SeriesValue> values;  // empty if is_start_timestamps

  bool is_start_timestamps = false;                      // the line has `@st`
  std::vector<std::optional<int64_t>> start_offsets_ms;  // empty otherwise; no value: a gap
};

// The description in `line`, without a line break. InvalidArgument with the text of
// FormatParseError, whose positions count from the start of `line`.
absl::StatusOr<SeriesDescription> ParseSeriesDescription(std::string_view line);

// Only the labels: `metric{label="value"}`. The same errors.
absl::StatusOr<std::vector<LabelPair>> ParseSeriesLabels(std::string_view text);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_SYNTAX_SERIES_SERIES_DESCRIPTION_H_
