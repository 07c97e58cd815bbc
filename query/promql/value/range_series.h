// Range vectors: the samples of a series, and which of them belong to the window of each step.
//
// Windows are open on the left and closed on the right (Prometheus 3).
#ifndef TIDEGATE_QUERY_PROMQL_VALUE_RANGE_SERIES_H_
#define TIDEGATE_QUERY_PROMQL_VALUE_RANGE_SERIES_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "model/labels.h"
#include "model/sample.h"
#include "query/vector/step_series.h"

namespace tidegate::promql {

struct HistogramAt {
  model::TimestampMs timestamp = 0;
  model::TimestampMs start_timestamp = 0;  // 0 = unknown.
  query::HistogramPtr histogram;
};

// The samples of one series, without stale markers. Views: whoever made it keeps the data.
struct RangeSeries {
  model::LabelsView labels;
  std::span<const model::TimestampMs> times;
  std::span<const double> values;
  std::span<const model::TimestampMs> start_times;  // Empty or parallel to `times`.
  std::span<const HistogramAt> histograms;

  // 0 when it is not known.
  model::TimestampMs StartTime(size_t i) const { return start_times.empty() ? 0 : start_times[i]; }
};

// The windows of a range selector or subquery, one per step.
struct RangeWindows {
  query::StepGrid grid;
  int64_t range_ms = 0;
  int64_t offset_ms = 0;
  std::optional<model::TimestampMs> at;  // `@`: the same window at every step.
  // Anchored and smoothed selectors also look this far outside.
  int64_t reach_before_ms = 0;
  int64_t reach_after_ms = 0;

  // The window proper: (start, end].
  model::TimestampMs end(size_t step) const { return at.value_or(grid.at(step)) - offset_ms; }
  model::TimestampMs start(size_t step) const { return end(step) - range_ms; }
};

// Which samples the window of each step holds, reach included: [begin[step], end[step]).
struct WindowIndex {
  std::vector<uint32_t> begin;
  std::vector<uint32_t> end;
};

WindowIndex IndexWindows(std::span<const model::TimestampMs> times, const RangeWindows& windows);

// Window indexes by time column: series that were scraped together share one. Owned by one thread;
// the columns must outlive it.
class WindowIndexCache {
 public:
  explicit WindowIndexCache(const RangeWindows& windows) : windows_(windows) {}

  // Valid as long as the cache.
  const WindowIndex& Get(std::span<const model::TimestampMs> times);

 private:
  using Column = std::pair<const model::TimestampMs*, size_t>;

  const RangeWindows windows_;
  absl::flat_hash_map<Column, std::shared_ptr<const WindowIndex>> by_column_;
  std::span<const model::TimestampMs> last_times_;
  std::shared_ptr<const WindowIndex> last_;
};

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_VALUE_RANGE_SERIES_H_
