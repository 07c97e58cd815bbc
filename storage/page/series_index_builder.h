// Collects the series of a segment and encodes their index.
#ifndef TIDEGATE_STORAGE_PAGE_SERIES_INDEX_BUILDER_H_
#define TIDEGATE_STORAGE_PAGE_SERIES_INDEX_BUILDER_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "model/labels.h"
#include "model/sample.h"
#include "storage/page/page_entry.h"

namespace tidegate::storage {

// Owned by one thread.
class SeriesIndexBuilder {
 public:
  // Series come in the order of series_order.h (the caller checks); returns its number. The range
  // is that of its points and not empty.
  uint32_t Add(model::LabelsView labels, const model::TimeRange& range);
  // More points of the series that was added last.
  void Extend(const model::TimeRange& range);
  void AddPage(const PageEntry& page) { pages_.push_back(page); }

  uint32_t series_count() const { return static_cast<uint32_t>(ranges_.size()); }
  const model::TimeRange& range() const { return range_; }  // Of all points.

  // The sections, in the order of IndexSection. Called once, with at least one series.
  std::vector<std::string> Finish() const;

 private:
  struct Column {
    absl::flat_hash_map<std::string, uint32_t> numbers;  // Value -> number in order of arrival.
    std::vector<uint32_t> ids;
    std::vector<std::pair<uint32_t, uint32_t>> stretches;  // Series [first, second).
  };
  std::string Head(int64_t tick) const;
  static void FinishColumn(const Column& column, std::string* values, std::string* ids);
  std::string Times(int64_t tick) const;

  std::map<std::string, Column, std::less<>> columns_;
  std::vector<model::TimeRange> ranges_;
  model::TimeRange range_ = {.min = model::kMaxTimestamp, .max = model::kMinTimestamp};
  std::vector<PageEntry> pages_;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_PAGE_SERIES_INDEX_BUILDER_H_
