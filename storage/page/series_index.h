// The index over the series of a segment: labels as columns of value numbers, and where each
// series' pages are (docs/formats/segment.md).
//
// Series are numbered densely in the order of series_order.h. A label's column exists only for the
// stretches of series that have the label. A matcher is asked once per distinct value; a condition
// on the metric name is a range of series numbers, the others filter it by column.
#ifndef TIDEGATE_STORAGE_PAGE_SERIES_INDEX_H_
#define TIDEGATE_STORAGE_PAGE_SERIES_INDEX_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "model/labels.h"
#include "model/matcher.h"
#include "model/sample.h"
#include "storage/page/page_entry.h"

namespace tidegate::storage {

// Sections of an index page, in order.
enum class IndexSection : size_t {
  kHead = 0,    // Counts, names, stretches, page entries (docs/formats/segment.md).
  kValues = 1,  // Per label, per value ascending: PutBytes(value).
  kIds = 2,     // Per label, per series that has it: its value's number, 1, 2 or 4 bytes.
  kTimes = 3,   // Per series u32(first tick), then per series u32(last tick), from the least time.
};

// Series [begin, end) have the label; their value numbers start at `ids` in the column.
struct LabelStretch {
  uint32_t begin = 0;
  uint32_t end = 0;
  uint32_t ids = 0;
};

// One label of the segment. Views into the index.
class LabelColumn {
 public:
  std::string_view name;
  std::vector<std::string_view> values;  // Ascending, distinct.
  std::vector<LabelStretch> stretches;   // Ascending, disjoint.
  std::string_view ids;
  int id_bytes = 1;  // 1, 2 or 4.

  uint32_t IdAt(uint32_t index) const;
  // The number of the series' value; false when the series lacks the label.
  bool Find(uint32_t series, uint32_t* id) const;
};

// Immutable; share it.
class SeriesIndex {
 public:
  // DataLoss when the sections are not an index: everything is checked here.
  static absl::StatusOr<std::shared_ptr<const SeriesIndex>> Parse(
      std::vector<std::string> sections);
  SeriesIndex(const SeriesIndex&) = delete;
  SeriesIndex& operator=(const SeriesIndex&) = delete;

  uint32_t series_count() const { return series_count_; }
  // Exact to the tick: 1 ms where the segment spans less than 49 days.
  model::TimeRange RangeOf(uint32_t series) const;

  // The series that match all matchers and may have points in the range, ascending.
  std::vector<uint32_t> Match(std::span<const model::CompiledMatcher> matchers,
                              const model::TimeRange& range) const;

  const std::vector<LabelColumn>& labels() const { return labels_; }  // Ascending by name.
  const LabelColumn* FindLabel(std::string_view name) const;

  // The pages of a kind that may hold points of the series in the range, ascending by ordinal.
  std::vector<const PageEntry*> PagesOf(PageKind kind, uint32_t series,
                                        const model::TimeRange& range) const;
  const std::vector<PageEntry>& pages() const { return pages_; }  // By kind, then by ordinal.

  size_t memory_bytes() const;

 private:
  SeriesIndex() = default;
  absl::Status ParseHead(std::string_view head);
  bool ParseValues();
  bool ParseIds();

  uint32_t series_count_ = 0;
  model::TimestampMs least_time_ = 0;
  int64_t tick_ = 1;  // Milliseconds.
  std::string names_;
  std::string values_;
  std::string ids_;
  std::vector<uint32_t> times_;
  std::vector<LabelColumn> labels_;
  std::vector<uint32_t> value_counts_;  // Parallel to labels_; only while parsing.
  std::vector<PageEntry> pages_;
};

// Builds label sets while walking forward through an index: about 2 ns per label of the segment.
// Owned by one thread; the index must outlive it.
class LabelWalker {
 public:
  explicit LabelWalker(const SeriesIndex* index)
      : index_(index), positions_(index->labels().size()) {}
  // `series` never falls from call to call.
  model::Labels At(uint32_t series);

 private:
  const SeriesIndex* index_;
  std::vector<uint32_t> positions_;  // Per label the first stretch that does not lie behind.
  std::string bytes_;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_PAGE_SERIES_INDEX_H_
