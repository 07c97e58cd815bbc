// How many entries, and how much of them, each window of a grid holds.
#ifndef TIDEGATE_QUERY_LOGQL_METRIC_STEP_TOTALS_H_
#define TIDEGATE_QUERY_LOGQL_METRIC_STEP_TOTALS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "query/logql/metric/metric_series.h"

namespace tidegate::logql {

// Adds whole numbers up by the steps whose windows they lie in, in any order and in constant time
// however long the windows are: exact, and a series costs its steps and not its entries. The window
// of a step T is (T - offset - range, T - offset].
class StepTotals {
 public:
  StepTotals(const MetricGrid& grid, int64_t range_ns, int64_t offset_ns);

  void Add(model::TimestampNs timestamp, uint64_t value);

  struct Total {
    uint64_t count = 0;
    uint64_t sum = 0;
  };
  // One a step.
  std::vector<Total> Totals() const;

  static uint64_t BytesOf(const MetricGrid& grid) { return (grid.size() + 1) * sizeof(Total); }

 private:
  MetricGrid grid_;
  int64_t range_ns_, offset_ns_;
  // Differences to the step before; they wrap around. One behind the last step.
  std::vector<Total> changes_;
};

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_METRIC_STEP_TOTALS_H_
