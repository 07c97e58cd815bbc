// What deletions hide of one log stream in one segment.
#ifndef TIDEGATE_STORAGE_PAGE_HIDDEN_ENTRIES_H_
#define TIDEGATE_STORAGE_PAGE_HIDDEN_ENTRIES_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "storage/log_source.h"
#include "storage/logs/line_filter.h"
#include "storage/logs/template_filter.h"

namespace tidegate::storage {

// Entries in the range in whose line the filter holds. The filters outlive the readers.
struct HiddenEntries {
  LogRange range;
  const LineFilter* filter = nullptr;  // Both or none; none = every line.
  const TemplateFilter* templates = nullptr;
};

// Of a stream, by its number in the segment. Empty function = nothing is hidden anywhere.
using HiddenEntriesFn = std::function<std::vector<HiddenEntries>(uint32_t series)>;

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_PAGE_HIDDEN_ENTRIES_H_
