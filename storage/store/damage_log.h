// Counts damaged pages and says each one once.
#ifndef TIDEGATE_STORAGE_STORE_DAMAGE_LOG_H_
#define TIDEGATE_STORAGE_STORE_DAMAGE_LOG_H_

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "storage/store.h"

namespace tidegate::storage {

// What a person needs to know about the page of a key: tenant, segment, page number and kind.
std::string DescribePage(std::string_view key);

// Thread safe. Reads go on without the damaged page; the log line and the counter are how it shows.
class DamageLog {
 public:
  void Note(std::string_view key, const absl::Status& status);
  // A file, or a part of the store, that an opening found damaged.
  void NoteFile(const StorageDamage& damage);
  uint64_t damaged_pages() const;
  uint64_t damaged_files() const;

 private:
  mutable std::mutex mutex_;
  absl::flat_hash_set<std::string> known_;  // Guarded by mutex_, like the next.
  uint64_t files_ = 0;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_STORE_DAMAGE_LOG_H_
