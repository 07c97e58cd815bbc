// Reads a page's sections and checks that it is the page that was asked for.
#ifndef TIDEGATE_STORAGE_PAGE_PAGE_SECTIONS_H_
#define TIDEGATE_STORAGE_PAGE_PAGE_SECTIONS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "storage/page/page_source.h"
#include "storage/page/segment_id.h"

namespace tidegate::storage {

// All sections, decompressed. NotFound or DataLoss: this page is gone or damaged. Anything else:
// not readable right now.
absl::StatusOr<std::vector<std::string>> ReadSections(std::string_view key, PageKind kind,
                                                      const PageSource& source);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_PAGE_PAGE_SECTIONS_H_
