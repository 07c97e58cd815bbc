#include "storage/page/log_outline_cache.h"

namespace tidegate::storage {

absl::StatusOr<std::shared_ptr<const LogOutlines>> LogOutlineCache::Get(const SegmentId& id,
                                                                        const PageSource& source) {
  std::string key = SegmentKeyPrefix(id);
  {
    std::lock_guard lock(mutex_);
    const auto at = cached_.find(key);
    if (at != cached_.end()) {
      uses_.splice(uses_.begin(), uses_, at->second);
      return at->second->outlines;
    }
  }
  auto read = ReadLogOutlines(id, source);
  if (absl::IsNotFound(read.status())) read = nullptr;
  if (!read.ok()) return read;
  std::lock_guard lock(mutex_);
  AddLocked(std::move(key), *read);
  return read;
}

void LogOutlineCache::AddLocked(std::string key, std::shared_ptr<const LogOutlines> outlines) {
  if (cached_.contains(key)) return;  // Another reader was quicker.
  uses_.push_front({.key = std::move(key), .outlines = std::move(outlines)});
  cached_.emplace(uses_.front().key, uses_.begin());
  bytes_ += BytesOf(uses_.front());
  while (bytes_ > budget_bytes_ && !uses_.empty()) {
    bytes_ -= BytesOf(uses_.back());
    cached_.erase(uses_.back().key);
    uses_.pop_back();
  }
}

uint64_t LogOutlineCache::memory_bytes() const {
  std::lock_guard lock(mutex_);
  return bytes_;
}

}  // namespace tidegate::storage
