#include "storage/page/series_index_builder.h"

#include <algorithm>

#include "storage/codec/bytes.h"

namespace tidegate::storage {
namespace {

void PutPages(const std::vector<PageEntry>& pages, model::TimestampMs least, std::string* out) {
  PutVarint(pages.size(), out);
  for (const PageEntry& page : pages) {
    PutU8(static_cast<uint8_t>(page.kind), out);
    PutVarint(page.ordinal, out);
    PutVarint(page.first_series, out);
    PutVarint(page.last_series - page.first_series, out);
    PutVarint(static_cast<uint64_t>(page.range.min - least), out);
    PutVarint(static_cast<uint64_t>(page.range.max - page.range.min), out);
    PutVarint(page.bytes, out);
  }
}

template <typename T>
void PutIds(const std::vector<uint32_t>& ids, const std::vector<uint32_t>& rank, std::string* out) {
  for (const uint32_t id : ids) PutFixed(static_cast<T>(rank[id]), out);
}

// The smallest unit in which the distance, rounded up, fits into 32 bits.
int64_t TickFor(const model::TimeRange& range) { return (range.max - range.min) / UINT32_MAX + 1; }

}  // namespace

uint32_t SeriesIndexBuilder::Add(model::LabelsView labels, const model::TimeRange& range) {
  const uint32_t series = series_count();
  for (const model::Label& label : labels) {
    auto at = columns_.find(label.name);
    if (at == columns_.end()) at = columns_.emplace(std::string(label.name), Column()).first;
    Column& column = at->second;
    const absl::string_view value(label.value.data(), label.value.size());
    const auto number =
        column.numbers.try_emplace(value, static_cast<uint32_t>(column.numbers.size())).first;
    column.ids.push_back(number->second);
    if (!column.stretches.empty() && column.stretches.back().second == series) {
      ++column.stretches.back().second;
    } else {
      column.stretches.emplace_back(series, series + 1);
    }
  }
  ranges_.push_back(range);
  range_.min = std::min(range_.min, range.min);
  range_.max = std::max(range_.max, range.max);
  return series;
}

void SeriesIndexBuilder::Extend(const model::TimeRange& range) {
  for (model::TimeRange* one : {&ranges_.back(), &range_}) {
    one->min = std::min(one->min, range.min);
    one->max = std::max(one->max, range.max);
  }
}

std::string SeriesIndexBuilder::Head(int64_t tick) const {
  std::string head;
  PutVarint(series_count(), &head);
  PutZigzag(range_.min, &head);
  PutVarint(static_cast<uint64_t>(tick), &head);
  PutVarint(columns_.size(), &head);
  for (const auto& [name, column] : columns_) {
    PutBytes(name, &head);
    PutVarint(column.numbers.size(), &head);
    PutVarint(column.stretches.size(), &head);
    uint32_t end = 0;
    for (const auto& [first, last] : column.stretches) {
      PutVarint(first - end, &head);
      PutVarint(last - first, &head);
      end = last;
    }
  }
  PutPages(pages_, range_.min, &head);
  return head;
}

void SeriesIndexBuilder::FinishColumn(const Column& column, std::string* values, std::string* ids) {
  std::vector<std::pair<std::string_view, uint32_t>> sorted;
  sorted.reserve(column.numbers.size());
  for (const auto& [value, number] : column.numbers) sorted.emplace_back(value, number);
  std::sort(sorted.begin(), sorted.end());
  std::vector<uint32_t> rank(sorted.size());
  for (uint32_t i = 0; i < sorted.size(); ++i) {
    PutBytes(sorted[i].first, values);
    rank[sorted[i].second] = i;
  }
  if (rank.size() <= 256) return PutIds<uint8_t>(column.ids, rank, ids);
  if (rank.size() <= 65536) return PutIds<uint16_t>(column.ids, rank, ids);
  PutIds<uint32_t>(column.ids, rank, ids);
}

std::string SeriesIndexBuilder::Times(int64_t tick) const {
  std::string times;
  times.reserve(ranges_.size() * 8);
  for (const model::TimeRange& range : ranges_) {
    PutFixed(static_cast<uint32_t>((range.min - range_.min) / tick), &times);
  }
  for (const model::TimeRange& range : ranges_) {
    PutFixed(static_cast<uint32_t>((range.max - range_.min + tick - 1) / tick), &times);
  }
  return times;
}

std::vector<std::string> SeriesIndexBuilder::Finish() const {
  const int64_t tick = TickFor(range_);
  std::vector<std::string> sections(4);
  sections[0] = Head(tick);
  for (const auto& [name, column] : columns_) FinishColumn(column, &sections[1], &sections[2]);
  sections[3] = Times(tick);
  return sections;
}

}  // namespace tidegate::storage
