// What the index knows about a page without reading it.
#ifndef TIDEGATE_STORAGE_PAGE_PAGE_ENTRY_H_
#define TIDEGATE_STORAGE_PAGE_PAGE_ENTRY_H_

#include <cstdint>

#include "model/sample.h"
#include "storage/page/segment_id.h"

namespace tidegate::storage {

// Among the entries of one kind, ascending by ordinal, first_series and last_series never fall. The
// page holds no series outside [first_series, last_series]; it need not hold all of them.
struct PageEntry {
  PageKind kind = PageKind::kFloat;
  uint32_t ordinal = 0;
  uint32_t first_series = 0;
  uint32_t last_series = 0;  // Inclusive.
  model::TimeRange range;    // Of the points inside; milliseconds for every kind.
  uint64_t bytes = 0;        // Size of the page's value.

  friend bool operator==(const PageEntry&, const PageEntry&) = default;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_PAGE_PAGE_ENTRY_H_
