#include "query/service/column_merge.h"

#include <algorithm>
#include <iterator>
#include <memory>

namespace tidegate::query {
namespace {

using model::TimestampMs;
using storage::SeriesColumns;
using storage::TimeColumn;

void GiveTimes(SeriesColumns* columns) {
  if (columns->timestamps != nullptr) return;
  columns->timestamps = std::make_shared<const std::vector<TimestampMs>>();
}

template <typename Item>
bool TimeLess(const Item& a, const Item& b) {
  return a.timestamp < b.timestamp;
}

// Items of `newer` that `older` does not have at the same time go in behind those of `older`.
template <typename Item, typename SameFn>
std::vector<Item> MergeItems(std::vector<Item> older, std::vector<Item> newer,
                             const SameFn& same_fn) {
  std::erase_if(newer, [&](const Item& item) {
    const auto [first, last] = std::equal_range(older.begin(), older.end(), item, TimeLess<Item>);
    return std::any_of(first, last, [&](const Item& known) { return same_fn(known, item); });
  });
  if (older.empty()) return newer;
  std::vector<Item> merged;
  merged.reserve(older.size() + newer.size());
  std::merge(std::make_move_iterator(older.begin()), std::make_move_iterator(older.end()),
             std::make_move_iterator(newer.begin()), std::make_move_iterator(newer.end()),
             std::back_inserter(merged), TimeLess<Item>);
  return merged;
}

// The values of two columns in the order of the merged times; the value of `older` wins.
template <typename T>
std::vector<T> MergeByTime(const std::vector<TimestampMs>& merged,
                           const std::vector<TimestampMs>& old_times, const std::vector<T>& older,
                           const std::vector<TimestampMs>& new_times, const std::vector<T>& newer) {
  std::vector<T> values;
  values.reserve(merged.size());
  size_t o = 0;
  size_t n = 0;
  for (const TimestampMs time : merged) {
    const bool from_old = o < old_times.size() && old_times[o] == time;
    values.push_back(from_old ? older[o] : newer[n]);
    o += from_old ? 1 : 0;
    n += n < new_times.size() && new_times[n] == time ? 1 : 0;
  }
  return values;
}

std::vector<TimestampMs> StartTimesOf(const SeriesColumns& columns) {
  if (!columns.start_timestamps.empty()) return columns.start_timestamps;
  return std::vector<TimestampMs>(columns.values.size(), 0);
}

// Drops the float samples at the times that the predicate names.
template <typename DropFn>
void DropFloats(const DropFn& drop_fn, SeriesColumns* columns) {
  const std::vector<TimestampMs>& times = *columns->timestamps;
  if (std::none_of(times.begin(), times.end(), drop_fn)) return;
  auto kept = std::make_shared<std::vector<TimestampMs>>();
  size_t to = 0;
  for (size_t i = 0; i < times.size(); ++i) {
    if (drop_fn(times[i])) continue;
    kept->push_back(times[i]);
    columns->values[to] = columns->values[i];
    if (!columns->start_timestamps.empty()) {
      columns->start_timestamps[to] = columns->start_timestamps[i];
    }
    ++to;
  }
  columns->values.resize(to);
  if (!columns->start_timestamps.empty()) columns->start_timestamps.resize(to);
  columns->timestamps = std::move(kept);
}

// Drops the samples of `newer` at whose times `older` has a sample of the other kind.
void DropOverruled(const SeriesColumns& older, SeriesColumns* newer) {
  const std::vector<TimestampMs>& old_times = *older.timestamps;
  std::erase_if(newer->histograms, [&](const model::HistogramSample& sample) {
    return std::binary_search(old_times.begin(), old_times.end(), sample.timestamp);
  });
  if (older.histograms.empty()) return;
  const auto overruled = [&](TimestampMs time) {
    const auto found = std::lower_bound(
        older.histograms.begin(), older.histograms.end(), time,
        [](const model::HistogramSample& sample, TimestampMs t) { return sample.timestamp < t; });
    return found != older.histograms.end() && found->timestamp == time;
  };
  DropFloats(overruled, newer);
}

}  // namespace

SeriesColumns ColumnMerger::Merge(SeriesColumns older, SeriesColumns newer) {
  GiveTimes(&older);
  GiveTimes(&newer);
  DropOverruled(older, &newer);
  std::vector<model::HistogramSample> histograms =
      MergeItems(std::move(older.histograms), std::move(newer.histograms),
                 [](const auto&, const auto&) { return true; });
  SeriesColumns merged;
  if (newer.timestamps->empty()) {
    merged = std::move(older);
  } else if (older.timestamps->empty()) {
    merged = std::move(newer);
  } else {
    merged = MergeFloats(older, newer);
  }
  merged.histograms = std::move(histograms);
  return merged;
}

SeriesColumns ColumnMerger::MergeFloats(const SeriesColumns& older, const SeriesColumns& newer) {
  const std::vector<TimestampMs>& old_times = *older.timestamps;
  const std::vector<TimestampMs>& new_times = *newer.timestamps;
  SeriesColumns merged;
  merged.timestamps = MergeTimes(older.timestamps, newer.timestamps);
  merged.values = MergeByTime(*merged.timestamps, old_times, older.values, new_times, newer.values);
  if (!older.start_timestamps.empty() || !newer.start_timestamps.empty()) {
    merged.start_timestamps = MergeByTime(*merged.timestamps, old_times, StartTimesOf(older),
                                          new_times, StartTimesOf(newer));
  }
  return merged;
}

TimeColumn ColumnMerger::MergeTimes(const TimeColumn& older, const TimeColumn& newer) {
  TimeColumn& known = merged_times_[TimePair(older, newer)];
  if (known != nullptr) return known;
  auto merged = std::make_shared<std::vector<TimestampMs>>();
  merged->reserve(older->size() + newer->size());
  std::set_union(older->begin(), older->end(), newer->begin(), newer->end(),
                 std::back_inserter(*merged));
  known = std::move(merged);
  return known;
}

std::vector<model::Exemplar> MergeExemplars(std::vector<model::Exemplar> older,
                                            std::vector<model::Exemplar> newer) {
  return MergeItems(std::move(older), std::move(newer),
                    [](const model::Exemplar& a, const model::Exemplar& b) { return a == b; });
}

}  // namespace tidegate::query
