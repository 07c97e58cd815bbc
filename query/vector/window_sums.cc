#include "query/vector/window_sums.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "query/vector/kahan_pair.h"

namespace tidegate::query {
namespace {

constexpr size_t kPairs = 2;
constexpr size_t kLanes = 2 * kPairs;

void SumInStep(const double* values, const uint32_t* begin, const uint32_t* end, KahanSum* sums) {
  uint32_t common = end[0] - begin[0];
  for (size_t lane = 1; lane < kLanes; ++lane) common = std::min(common, end[lane] - begin[lane]);
  std::array<KahanPair, kPairs> pairs;
  std::array<const double*, kLanes> from;
  for (size_t lane = 0; lane < kLanes; ++lane) from[lane] = values + begin[lane];
  for (uint32_t k = 0; k < common; ++k) {
    for (size_t p = 0; p < kPairs; ++p)
      pairs[p].Add(DoublePair{from[2 * p][k], from[2 * p + 1][k]});
  }
  for (size_t lane = 0; lane < kLanes; ++lane) {
    const KahanPair& pair = pairs[lane / 2];
    KahanSum sum{pair.sum[lane % 2], pair.compensation[lane % 2]};
    for (uint32_t i = begin[lane] + common; i < end[lane]; ++i) sum.Add(values[i]);
    sums[lane] = sum;
  }
}

}  // namespace

void SumWindows(std::span<const double> values, std::span<const uint32_t> begin,
                std::span<const uint32_t> end, std::vector<KahanSum>* sums) {
  sums->assign(begin.size(), KahanSum());
  size_t i = 0;
  for (; i + kLanes <= begin.size(); i += kLanes) {
    SumInStep(values.data(), begin.data() + i, end.data() + i, sums->data() + i);
  }
  for (; i < begin.size(); ++i) {
    for (uint32_t k = begin[i]; k < end[i]; ++k) (*sums)[i].Add(values[k]);
  }
}

}  // namespace tidegate::query
