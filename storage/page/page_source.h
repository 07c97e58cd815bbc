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
  // As Read, for a page that is not expected to be read again: no cache takes it.
  virtual absl::StatusOr<std::string> ReadOnce(std::string_view key) const { return Read(key); }
};

// Reads every page of another source once: for walks over all of them.
class PagesReadOnce final : public PageSource {
 public:
  explicit PagesReadOnce(const PageSource* source) : source_(*source) {}
  absl::StatusOr<std::string> Read(std::string_view key) const override {
    return source_.ReadOnce(key);
  }

 private:
  const PageSource& source_;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_PAGE_PAGE_SOURCE_H_
