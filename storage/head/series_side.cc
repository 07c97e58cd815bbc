#include "storage/head/series_side.h"

#include <algorithm>
#include <iterator>

namespace tidegate::storage::head {

void StartTimestamps::Set(model::TimestampMs timestamp, model::TimestampMs start, bool newest) {
  const model::TimestampMs before = Get(timestamp);
  if (before == start) return;
  // Whatever lies behind keeps the run that it was in.
  if (!newest) runs_.try_emplace(timestamp + 1, before);
  runs_[timestamp] = start;
}

model::TimestampMs StartTimestamps::Get(model::TimestampMs timestamp) const {
  const auto after = runs_.upper_bound(timestamp);
  return after == runs_.begin() ? 0 : std::prev(after)->second;
}

model::TimeRange SeriesSide::MetricRange() const {
  model::TimeRange range{model::kMaxTimestamp, model::kMinTimestamp};
  const auto include = [&range](model::TimestampMs min, model::TimestampMs max) {
    range.min = std::min(range.min, min);
    range.max = std::max(range.max, max);
  };
  if (!full_chunks.empty()) {
    include(full_chunks.front().first_timestamp(), full_chunks.back().last_timestamp());
  }
  if (!late.empty()) include(late.begin()->first, late.rbegin()->first);
  if (!histograms.empty()) include(histograms.begin()->first, histograms.rbegin()->first);
  return range;
}

}  // namespace tidegate::storage::head
