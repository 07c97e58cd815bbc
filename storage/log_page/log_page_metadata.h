// Reads the structured metadata of a log page.
#ifndef TIDEGATE_STORAGE_LOG_PAGE_LOG_PAGE_METADATA_H_
#define TIDEGATE_STORAGE_LOG_PAGE_LOG_PAGE_METADATA_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "model/labels.h"

namespace tidegate::storage {

// Plain data.
struct LogPageMetadata {
  std::vector<model::Labels> sets;  // Distinct.
  std::vector<uint32_t> numbers;    // Per row of the page, an index into `sets`.
};

// DataLoss when the sections are not the metadata of a page with that many rows.
absl::StatusOr<LogPageMetadata> ParseLogPageMetadata(std::vector<std::string> sections,
                                                     uint32_t rows);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_LOG_PAGE_LOG_PAGE_METADATA_H_
