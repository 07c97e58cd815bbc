// Values while a metric query is evaluated.
#ifndef TIDEGATE_QUERY_LOGQL_METRIC_METRIC_SERIES_H_
#define TIDEGATE_QUERY_LOGQL_METRIC_METRIC_SERIES_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "model/labels.h"
#include "model/log_entry.h"

namespace tidegate::logql {

// `time` moved by `by`; at the ends of time it stays there. Ranges and offsets may be centuries.
inline model::TimestampNs Moved(model::TimestampNs time, int64_t by) {
  model::TimestampNs moved = 0;
  if (!__builtin_add_overflow(time, by, &moved)) return moved;
  return by < 0 ? std::numeric_limits<model::TimestampNs>::min()
                : std::numeric_limits<model::TimestampNs>::max();
}

// The steps of a query, nanoseconds. An instant query has one: begin == end. `step` > 0.
struct MetricGrid {
  model::TimestampNs begin = 0;
  model::TimestampNs end = 0;  // Inclusive.
  int64_t step = 1;
  size_t size() const { return static_cast<size_t>((end - begin) / step) + 1; }
  model::TimestampNs at(size_t i) const { return begin + static_cast<int64_t>(i) * step; }
};

// One value a step of the grid, nothing where there is none.
struct MetricSeries {
  model::Labels labels;
  std::vector<std::optional<double>> values;
};

// What a range aggregation reads of one series; ascending by time.
struct RangeSample {
  model::TimestampNs timestamp = 0;
  double value = 0;
};

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_METRIC_METRIC_SERIES_H_
