#include "ingest/service/head_pressure.h"

#include <chrono>

#include "fmt/format.h"

namespace tidegate::ingest {
namespace {

constexpr std::chrono::nanoseconds kInterval = std::chrono::milliseconds(100);

}  // namespace

absl::Status HeadPressure::Check() {
  if (max_bytes_ == 0) return absl::OkStatus();
  const int64_t now = std::chrono::steady_clock::now().time_since_epoch().count();
  int64_t next = next_look_ns_.load(std::memory_order_relaxed);
  if (now >= next && next_look_ns_.compare_exchange_strong(next, now + kInterval.count(),
                                                           std::memory_order_relaxed)) {
    const storage::HeadStats stats = head_->Stats("");
    bytes_.store(stats.chunk_bytes + stats.entry_bytes + stats.index_bytes,
                 std::memory_order_relaxed);
  }
  const uint64_t bytes = bytes_.load(std::memory_order_relaxed);
  if (bytes <= max_bytes_) return absl::OkStatus();
  return absl::UnavailableError(
      fmt::format("{} bytes wait in memory for the store, at most {} may: it does not take cuts",
                  bytes, max_bytes_));
}

}  // namespace tidegate::ingest
