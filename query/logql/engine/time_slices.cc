#include "query/logql/engine/time_slices.h"

#include <algorithm>
#include <cstdint>

namespace tidegate::logql {

std::vector<storage::LogRange> TimeSlices(const storage::LogRange& range, storage::LogOrder order) {
  if (range.empty()) return {range};
  constexpr uint64_t kParts = 64;
  constexpr uint64_t kGrowth = 4;
  constexpr uint64_t kLeast = 60'000'000'000;
  // The length may be more than an int64_t holds.
  uint64_t left = static_cast<uint64_t>(range.end) - static_cast<uint64_t>(range.begin);
  uint64_t size = std::max(left / kParts, kLeast);
  std::vector<storage::LogRange> slices;
  storage::LogRange rest = range;
  while (left > 0) {
    const uint64_t taken = size * kGrowth >= left ? left : size;
    storage::LogRange& slice = slices.emplace_back(rest);
    if (order == storage::LogOrder::kForward) {
      rest.begin = static_cast<int64_t>(static_cast<uint64_t>(rest.begin) + taken);
      slice.end = rest.begin;
    } else {
      rest.end = static_cast<int64_t>(static_cast<uint64_t>(rest.end) - taken);
      slice.begin = rest.end;
    }
    left -= taken;
    size *= kGrowth;
  }
  return slices;
}

}  // namespace tidegate::logql
