#include "query/promql/value/range_series.h"

#include <algorithm>

namespace tidegate::promql {
namespace {

using model::TimestampMs;
using Times = std::span<const TimestampMs>;

// The constant distance of a regular column; 0 when it has none.
int64_t RegularStep(Times times) {
  if (times.size() < 2) return 0;
  const int64_t step = times[1] - times[0];
  int64_t differences = 0;
  for (size_t i = 2; i < times.size(); ++i) differences |= (times[i] - times[i - 1]) ^ step;
  return differences == 0 ? step : 0;
}

// Counts the timestamps that are at most `bound`.
uint32_t CountRegular(Times times, int64_t step, TimestampMs bound) {
  if (bound < times.front()) return 0;
  const int64_t index = (bound - times.front()) / step + 1;
  return static_cast<uint32_t>(std::min<int64_t>(index, static_cast<int64_t>(times.size())));
}

}  // namespace

WindowIndex IndexWindows(Times times, const RangeWindows& windows) {
  const size_t steps = windows.grid.size();
  WindowIndex index;
  index.begin.resize(steps);
  index.end.resize(steps);
  const int64_t regular = RegularStep(times);
  uint32_t begin = 0;
  uint32_t end = 0;
  for (size_t step = 0; step < steps; ++step) {
    const TimestampMs window_end = windows.end(step) + windows.reach_after_ms;
    const TimestampMs window_start = windows.start(step) - windows.reach_before_ms;
    if (regular > 0) {
      begin = CountRegular(times, regular, window_start);
      end = CountRegular(times, regular, window_end);
    } else {
      // Windows move forward only.
      while (begin < times.size() && times[begin] <= window_start) ++begin;
      while (end < times.size() && times[end] <= window_end) ++end;
    }
    index.begin[step] = begin;
    index.end[step] = end;
  }
  return index;
}

const WindowIndex& WindowIndexCache::Get(Times times) {
  const bool same = last_ != nullptr && times.size() == last_times_.size() &&
                    (times.data() == last_times_.data() ||
                     std::equal(times.begin(), times.end(), last_times_.begin()));
  if (same) return *last_;
  std::shared_ptr<const WindowIndex>& entry = by_column_[{times.data(), times.size()}];
  const bool known = entry != nullptr;
  if (!known) entry = std::make_shared<const WindowIndex>(IndexWindows(times, windows_));
  last_ = entry;
  last_times_ = times;
  return *last_;
}

}  // namespace tidegate::promql
