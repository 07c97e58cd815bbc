// Sums that lose next to nothing to rounding, with exactly Prometheus' digits.
#ifndef TIDEGATE_QUERY_VECTOR_KAHAN_H_
#define TIDEGATE_QUERY_VECTOR_KAHAN_H_

#include <cmath>

namespace tidegate::query {

// A running sum and its compensation (Kahan's method, Neumaier's variant: the larger of the two
// terms keeps its digits). The order of additions is part of the result.
struct KahanSum {
  double sum = 0;
  double compensation = 0;

  void Add(double value) {
    const double total = sum + value;
    const double lost =
        std::abs(sum) >= std::abs(value) ? (sum - total) + value : (value - total) + sum;
    compensation = std::isinf(total) ? 0 : compensation + lost;
    sum = total;
  }

  double Total() const { return sum + compensation; }
};

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_VECTOR_KAHAN_H_
