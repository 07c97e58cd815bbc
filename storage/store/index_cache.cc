#include "storage/store/index_cache.h"

#include "storage/page/segment_reader.h"

namespace tidegate::storage {
namespace {

constexpr uint64_t kAbsentBytes = 64;  // What the note "has none" costs.

uint64_t BytesOf(const std::shared_ptr<const SeriesIndex>& index) {
  return index == nullptr ? kAbsentBytes : index->memory_bytes();
}

}  // namespace

std::shared_ptr<const SeriesIndex> IndexCache::FindLocked(const Key& key, bool* found) {
  const auto at = cached_.find(key);
  *found = at != cached_.end();
  if (!*found) return nullptr;
  uses_.splice(uses_.begin(), uses_, at->second.use);
  return at->second.index;
}

void IndexCache::AddLocked(const Key& key, std::shared_ptr<const SeriesIndex> index) {
  if (cached_.contains(key)) return;  // Another reader was quicker.
  bytes_ += BytesOf(index);
  uses_.push_front(key);
  cached_.emplace(key, Cached{.index = std::move(index), .use = uses_.begin()});
  while (bytes_ > budget_bytes_ && uses_.size() > 1) {
    const auto oldest = cached_.find(uses_.back());
    bytes_ -= BytesOf(oldest->second.index);
    cached_.erase(oldest);
    uses_.pop_back();
  }
}

uint64_t IndexCache::memory_bytes() const {
  std::lock_guard lock(mutex_);
  return bytes_;
}

absl::StatusOr<std::shared_ptr<const SeriesIndex>> IndexCache::Get(const Segment& segment,
                                                                   PageKind kind) {
  const Key key(segment.entry.id, kind);
  {
    std::lock_guard lock(mutex_);
    bool found = false;
    auto index = FindLocked(key, &found);
    (found ? hits_ : misses_).fetch_add(1, std::memory_order_relaxed);
    if (found) return index;
  }
  auto read = ReadIndex(segment.entry.id, kind, *segment.partition);
  std::shared_ptr<const SeriesIndex> index;
  if (read.ok()) {
    index = *std::move(read);
  } else if (absl::IsDataLoss(read.status())) {
    const uint32_t ordinal =
        kind == PageKind::kMetricIndex ? kMetricIndexOrdinal : kStreamIndexOrdinal;
    damage_->Note(PageKey(segment.entry.id, ordinal, kind), read.status());
  } else if (!absl::IsNotFound(read.status())) {
    return read.status();
  }
  std::lock_guard lock(mutex_);
  AddLocked(key, index);
  return index;
}

}  // namespace tidegate::storage
