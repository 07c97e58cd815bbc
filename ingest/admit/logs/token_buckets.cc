#include "ingest/admit/logs/token_buckets.h"

#include <algorithm>

namespace tidegate::ingest {

void TokenBuckets::Fill(absl::Time now, Bucket* bucket) {
  // A clock that went back gives nothing and takes nothing.
  const double seconds = std::max(0.0, absl::ToDoubleSeconds(now - bucket->filled_at));
  bucket->tokens = std::min(bucket->rate.burst, bucket->tokens + seconds * bucket->rate.per_second);
  bucket->filled_at = now;
}

void TokenBuckets::ForgetFullOnes(absl::Time now) {
  for (auto it = buckets_.begin(); it != buckets_.end();) {
    Fill(now, &it->second);
    const bool full = it->second.tokens >= it->second.rate.burst;
    const auto old = it++;
    if (full) buckets_.erase(old);
  }
  forget_at_ = std::max<size_t>(1024, 2 * buckets_.size());
}

bool TokenBuckets::Take(const std::string& key, const TokenRate& rate, double tokens,
                        absl::Time now) {
  if (rate.per_second <= 0) return true;
  absl::MutexLock lock(&mutex_);
  if (buckets_.size() >= forget_at_) ForgetFullOnes(now);
  auto [it, is_new] = buckets_.try_emplace(key);
  Bucket& bucket = it->second;
  if (is_new) bucket = {rate.burst, rate, now};
  bucket.rate = rate;
  Fill(now, &bucket);
  if (bucket.tokens < tokens) return false;
  bucket.tokens -= tokens;
  return true;
}

size_t TokenBuckets::size() const {
  absl::MutexLock lock(&mutex_);
  return buckets_.size();
}

}  // namespace tidegate::ingest
