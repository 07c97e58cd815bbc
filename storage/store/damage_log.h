// Counts damaged pages and says each one once.
#ifndef TIDEGATE_STORAGE_STORE_DAMAGE_LOG_H_
#define TIDEGATE_STORAGE_STORE_DAMAGE_LOG_H_

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"

namespace tidegate::storage {

// What a person needs to know about the page of a key: tenant, segment, page number and kind.
std::string DescribePage(std::string_view key);

// Thread safe. Reads go on without the damaged page; the log line and the counter are how it shows.
class DamageLog {
 public:
  void Note(std::string_view key, const absl::Status& status);
  uint64_t damaged_pages() const;

 private:
  mutable std::mutex mutex_;
  absl::flat_hash_set<std::string> known_;  // Guarded by mutex_.
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_STORE_DAMAGE_LOG_H_
