// Shares timestamps between series: one TimeColumn instance per distinct content.
#ifndef TIDEGATE_STORAGE_PAGE_TIME_COLUMN_POOL_H_
#define TIDEGATE_STORAGE_PAGE_TIME_COLUMN_POOL_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "storage/series_source.h"

namespace tidegate::storage {

// Part [begin, end) of a column.
struct TimeSlice {
  TimeColumn column;
  uint32_t begin = 0;
  uint32_t end = 0;

  uint32_t size() const { return end - begin; }
  bool whole() const { return begin == 0 && end == column->size(); }
  friend bool operator==(const TimeSlice&, const TimeSlice&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const TimeSlice& slice) {
    return H::combine(std::move(h), slice.column.get(), slice.begin, slice.end);
  }
};

// Owned by one thread, kept for one selection or merge: it keeps every column alive.
class TimeColumnPool {
 public:
  // The column whose encoded form are these bytes; nullptr when they are not a column.
  TimeColumn Decode(std::string_view encoded);

  // The slices, one behind the other, as one column. Equal slices yield the same instance; a single
  // whole column is returned as it is.
  TimeColumn Join(const std::vector<TimeSlice>& slices);

 private:
  absl::flat_hash_map<std::string, TimeColumn> decoded_;
  absl::flat_hash_map<std::vector<TimeSlice>, TimeColumn> joined_;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_PAGE_TIME_COLUMN_POOL_H_
