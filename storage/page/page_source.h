// Where page values come from.
#ifndef TIDEGATE_STORAGE_PAGE_PAGE_SOURCE_H_
#define TIDEGATE_STORAGE_PAGE_PAGE_SOURCE_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace tidegate::storage {

// Thread safe.
class PageSource {
 public:
  virtual ~PageSource() = default;
  // NotFound or DataLoss: this page is gone or damaged. Anything else: not readable right now.
  virtual absl::StatusOr<std::string> Read(std::string_view key) const = 0;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_PAGE_PAGE_SOURCE_H_
