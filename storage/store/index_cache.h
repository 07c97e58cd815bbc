// Keeps parsed segment indexes in memory.
#ifndef TIDEGATE_STORAGE_STORE_INDEX_CACHE_H_
#define TIDEGATE_STORAGE_STORE_INDEX_CACHE_H_

#include <atomic>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include "absl/status/statusor.h"
#include "storage/page/series_index.h"
#include "storage/store/damage_log.h"
#include "storage/store/segment_set.h"

namespace tidegate::storage {

// Thread safe. The least recently used indexes leave when the budget is exceeded; readers keep
// theirs.
class IndexCache {
 public:
  IndexCache(uint64_t budget_bytes, DamageLog* damage)
      : budget_bytes_(budget_bytes), damage_(damage) {}

  // The segment's index of this kind; nullptr when it has none, or it is damaged (noted then).
  // An error when it cannot be read right now.
  absl::StatusOr<std::shared_ptr<const SeriesIndex>> Get(const Segment& segment, PageKind kind);
  uint64_t memory_bytes() const;
  // Questions that were answered from memory, and those that read.
  uint64_t hits() const { return hits_.load(std::memory_order_relaxed); }
  uint64_t misses() const { return misses_.load(std::memory_order_relaxed); }

 private:
  using Key = std::pair<SegmentId, PageKind>;
  struct Cached {
    std::shared_ptr<const SeriesIndex> index;
    std::list<Key>::iterator use;
  };
  std::shared_ptr<const SeriesIndex> FindLocked(const Key& key, bool* found);
  void AddLocked(const Key& key, std::shared_ptr<const SeriesIndex> index);

  const uint64_t budget_bytes_;
  DamageLog* const damage_;
  mutable std::mutex mutex_;
  std::map<Key, Cached> cached_;  // Guarded by mutex_, like the two below.
  std::list<Key> uses_;           // Latest first.
  uint64_t bytes_ = 0;
  std::atomic<uint64_t> hits_{0};
  std::atomic<uint64_t> misses_{0};
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_STORE_INDEX_CACHE_H_
