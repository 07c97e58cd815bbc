// Two compensated sums that are added to in step.
#ifndef TIDEGATE_QUERY_VECTOR_KAHAN_PAIR_H_
#define TIDEGATE_QUERY_VECTOR_KAHAN_PAIR_H_

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace tidegate::query {

// Two doubles in one register (GCC's vector extension).
using DoublePair = double __attribute__((vector_size(16)));

// KahanSum twice, with the same digits. Where a sum is not finite, its compensation means nothing.
struct KahanPair {
  DoublePair sum = {0, 0};
  DoublePair compensation = {0, 0};

  void Add(DoublePair value) {
    const DoublePair total = sum + value;
    const Bits sum_is_larger = Abs(sum) >= Abs(value);
    const DoublePair larger = sum_is_larger ? sum : value;
    const DoublePair smaller = sum_is_larger ? value : sum;
    compensation += (larger - total) + smaller;
    sum = total;
  }

  bool finite() const { return std::isfinite(sum[0]) && std::isfinite(sum[1]); }

 private:
  using Bits = int64_t __attribute__((vector_size(16)));

  static DoublePair Abs(DoublePair value) {
    constexpr int64_t kWithoutSign = std::numeric_limits<int64_t>::max();
    return std::bit_cast<DoublePair>(std::bit_cast<Bits>(value) & kWithoutSign);
  }
};

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_VECTOR_KAHAN_PAIR_H_
