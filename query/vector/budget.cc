#include "query/vector/budget.h"

#include <fmt/format.h>

#include "query/vector/refused_by.h"

namespace tidegate::query {

absl::Status TooManySamples() {
  return RefusedBy("max_query_samples",
                   absl::ResourceExhaustedError(
                       "query processing would load too many samples into memory in query "
                       "execution"));
}

absl::Status Budget::AddLoaded(uint64_t samples) {
  const uint64_t total = samples_.fetch_add(samples, std::memory_order_relaxed) + samples;
  const uint64_t series = series_.fetch_add(1, std::memory_order_relaxed) + 1;
  if (limits_.max_samples != 0 && total > limits_.max_samples) {
    return TooManySamples();
  }
  if (limits_.max_series != 0 && series > limits_.max_series) {
    return RefusedBy("max_query_series",
                     absl::ResourceExhaustedError(
                         fmt::format("the query touches more than {} series", limits_.max_series)));
  }
  return absl::OkStatus();
}

absl::Status Budget::CheckMade(uint64_t samples) const {
  const bool too_many = limits_.max_samples != 0 && this->samples() + samples > limits_.max_samples;
  return too_many ? TooManySamples() : absl::OkStatus();
}

void Budget::Release(uint64_t bytes) {
  held_.fetch_sub(bytes, std::memory_order_relaxed);
  if (pool_ != nullptr) pool_->GiveBack(bytes);
}

void Budget::ReleaseDownTo(uint64_t bytes) {
  const uint64_t held = held_.exchange(bytes, std::memory_order_relaxed);
  if (pool_ != nullptr) pool_->GiveBack(held - bytes);
}

absl::Status Budget::Hold(uint64_t bytes) {
  const bool pool_has_it = pool_ == nullptr || pool_->Take(bytes);
  const uint64_t held = held_.fetch_add(bytes, std::memory_order_relaxed) + bytes;
  uint64_t peak = peak_.load(std::memory_order_relaxed);
  while (held > peak && !peak_.compare_exchange_weak(peak, held, std::memory_order_relaxed)) {
  }
  if (limits_.max_bytes != 0 && held > limits_.max_bytes) {
    return RefusedBy("max_query_bytes",
                     absl::ResourceExhaustedError(fmt::format(
                         "the query would hold more than {} bytes of memory", limits_.max_bytes)));
  }
  if (!pool_has_it) {
    return RefusedBy(
        "max_query_memory",
        absl::ResourceExhaustedError(fmt::format(
            "all queries together would hold more than {} bytes of memory", pool_->limit())));
  }
  return absl::OkStatus();
}

}  // namespace tidegate::query
