#include "query/logql/metric/step_totals.h"

#include <algorithm>

namespace tidegate::logql {
namespace {

// The first step that is not before `time`, which may lie outside of the grid.
int64_t FirstStepFrom(const MetricGrid& grid, model::TimestampNs time) {
  if (time <= grid.begin) return 0;
  if (time > grid.end) return static_cast<int64_t>(grid.size());
  return (time - grid.begin + grid.step - 1) / grid.step;
}

}  // namespace

StepTotals::StepTotals(const MetricGrid& grid, int64_t range_ns, int64_t offset_ns)
    : grid_(grid), range_ns_(range_ns), offset_ns_(offset_ns), changes_(grid.size() + 1) {}

void StepTotals::Add(model::TimestampNs timestamp, uint64_t value) {
  const auto size = static_cast<int64_t>(changes_.size()) - 1;
  const model::TimestampNs shown = Moved(timestamp, offset_ns_);
  const int64_t first = FirstStepFrom(grid_, shown);
  const int64_t end = std::min(FirstStepFrom(grid_, Moved(shown, range_ns_)), size);
  if (first >= end) return;
  Total& in = changes_[static_cast<size_t>(first)];
  ++in.count;
  in.sum += value;
  Total& out = changes_[static_cast<size_t>(end)];
  --out.count;
  out.sum -= value;
}

std::vector<StepTotals::Total> StepTotals::Totals() const {
  std::vector<Total> totals(changes_.begin(), changes_.end() - 1);
  for (size_t i = 1; i < totals.size(); ++i) {
    totals[i].count += totals[i - 1].count;
    totals[i].sum += totals[i - 1].sum;
  }
  return totals;
}

}  // namespace tidegate::logql
