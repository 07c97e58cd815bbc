// Reads a page's sections and checks that it is the page that was asked for.
#ifndef TIDEGATE_STORAGE_PAGE_PAGE_SECTIONS_H_
#define TIDEGATE_STORAGE_PAGE_PAGE_SECTIONS_H_

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "storage/page/envelope.h"
#include "storage/page/page_source.h"
#include "storage/page/segment_id.h"

namespace tidegate::storage {

// All sections, decompressed. NotFound or DataLoss: this page is gone or damaged. Anything else:
// not readable right now.
absl::StatusOr<std::vector<std::string>> ReadSections(std::string_view key, PageKind kind,
                                                      const PageSource& source);

// A value whose sections are decompressed when they are wanted. Owned by one thread.
class LazySections {
 public:
  // Errors: as above.
  static absl::StatusOr<std::unique_ptr<LazySections>> Open(std::string_view key, PageKind kind,
                                                            const PageSource& source);
  absl::StatusOr<std::string> Section(size_t index) const { return envelope_.Section(index); }
  size_t size() const { return envelope_.size(); }

 private:
  explicit LazySections(std::string value) : value_(std::move(value)) {}
  const std::string value_;
  Envelope envelope_;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_PAGE_PAGE_SECTIONS_H_
