#include "storage/page/log_summary_cache.h"

namespace tidegate::storage {

std::shared_ptr<const std::string> LogSummaryCache::Find(std::string_view key) {
  std::lock_guard lock(mutex_);
  const auto at = cached_.find(key);
  if (at == cached_.end()) return nullptr;
  uses_.splice(uses_.begin(), uses_, at->second);
  return at->second->summary;
}

void LogSummaryCache::Add(std::string_view key, std::shared_ptr<const std::string> summary) {
  std::lock_guard lock(mutex_);
  if (cached_.contains(key)) return;  // Another reader was quicker.
  uses_.push_front({.key = std::string(key), .summary = std::move(summary)});
  cached_.emplace(uses_.front().key, uses_.begin());
  bytes_ += BytesOf(uses_.front());
  while (bytes_ > budget_bytes_ && !uses_.empty()) {
    bytes_ -= BytesOf(uses_.back());
    cached_.erase(uses_.back().key);
    uses_.pop_back();
  }
}

uint64_t LogSummaryCache::memory_bytes() const {
  std::lock_guard lock(mutex_);
  return bytes_;
}

}  // namespace tidegate::storage
