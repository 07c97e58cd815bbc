// Summaries of log pages that searches have asked lately.
#ifndef TIDEGATE_STORAGE_PAGE_LOG_SUMMARY_CACHE_H_
#define TIDEGATE_STORAGE_PAGE_LOG_SUMMARY_CACHE_H_

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"

namespace tidegate::storage {

// By the key of the page; a page never changes. A search that most pages have nothing for spends
// its time on decompressing their summaries. Thread safe; the least recently used ones leave when
// the budget is exceeded.
class LogSummaryCache {
 public:
  explicit LogSummaryCache(uint64_t budget_bytes) : budget_bytes_(budget_bytes) {}

  // nullptr when it is not there.
  std::shared_ptr<const std::string> Find(std::string_view key);
  void Add(std::string_view key, std::shared_ptr<const std::string> summary);
  uint64_t memory_bytes() const;

 private:
  // Beside the bytes of key and summary.
  static constexpr uint64_t kEntryBytes = 160;
  struct Entry {
    std::string key;
    std::shared_ptr<const std::string> summary;
  };
  static uint64_t BytesOf(const Entry& entry) {
    return kEntryBytes + entry.key.size() + entry.summary->size();
  }

  const uint64_t budget_bytes_;
  mutable std::mutex mutex_;
  std::list<Entry> uses_;  // Latest first. Guarded by mutex_, like the two below.
  absl::flat_hash_map<std::string_view, std::list<Entry>::iterator> cached_;  // Keys in uses_.
  uint64_t bytes_ = 0;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_PAGE_LOG_SUMMARY_CACHE_H_
