// Outlines of log pages that searches have asked lately.
#ifndef TIDEGATE_STORAGE_PAGE_LOG_OUTLINE_CACHE_H_
#define TIDEGATE_STORAGE_PAGE_LOG_OUTLINE_CACHE_H_

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "storage/page/log_outlines.h"
#include "storage/page/page_source.h"
#include "storage/page/segment_id.h"

namespace tidegate::storage {

// A segment never changes. Thread safe; the least recently used outlines leave when the budget is
// exceeded, readers keep theirs.
class LogOutlineCache {
 public:
  explicit LogOutlineCache(uint64_t budget_bytes) : budget_bytes_(budget_bytes) {}

  // The segment's outlines; nullptr when it has none. Errors: those of ReadLogOutlines otherwise.
  absl::StatusOr<std::shared_ptr<const LogOutlines>> Get(const SegmentId& id,
                                                         const PageSource& source);
  uint64_t memory_bytes() const;

 private:
  // Beside the bytes of key and outlines.
  static constexpr uint64_t kEntryBytes = 160;
  struct Entry {
    std::string key;
    std::shared_ptr<const LogOutlines> outlines;
  };
  static uint64_t BytesOf(const Entry& entry) {
    return kEntryBytes + entry.key.size() +
           (entry.outlines == nullptr ? 0 : entry.outlines->memory_bytes());
  }
  void AddLocked(std::string key, std::shared_ptr<const LogOutlines> outlines);

  const uint64_t budget_bytes_;
  mutable std::mutex mutex_;
  std::list<Entry> uses_;  // Latest first. Guarded by mutex_, like the two below.
  absl::flat_hash_map<std::string_view, std::list<Entry>::iterator> cached_;  // Keys in uses_.
  uint64_t bytes_ = 0;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_PAGE_LOG_OUTLINE_CACHE_H_
