// Statistics of plain floats, with exactly Prometheus' digits.
#ifndef TIDEGATE_QUERY_VECTOR_STATISTICS_H_
#define TIDEGATE_QUERY_VECTOR_STATISTICS_H_

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "query/vector/kahan.h"

namespace tidegate::query {

// A mean that is a compensated sum divided by the count, until the sum would overflow; from there
// on it is updated incrementally.
class RunningMean {
 public:
  void Add(double value);
  // NaN-free only for at least one value.
  double Mean() const;
  double count() const { return count_; }

 private:
  KahanSum sum_;
  double count_ = 0;
  bool incremental_ = false;
};

// The q-quantile with linear interpolation; NaN for no values or a NaN q, -Inf and +Inf for a q
// below 0 and above 1. NaN values come first. Sorts the values.
double Quantile(double q, std::vector<double>* values);

// The same of values that are sorted already, NaN first: `values` has size() and [].
template <typename Sorted>
double QuantileOfSorted(double q, const Sorted& values) {
  if (values.size() == 0 || std::isnan(q)) return std::numeric_limits<double>::quiet_NaN();
  if (q < 0) return -std::numeric_limits<double>::infinity();
  if (q > 1) return std::numeric_limits<double>::infinity();
  const double last = static_cast<double>(values.size()) - 1;
  const double rank = q * last;
  const double lower = std::max(0.0, std::floor(rank));
  const double upper = std::min(last, lower + 1);
  const double weight = rank - std::floor(rank);
  return values[static_cast<size_t>(lower)] * (1 - weight) +
         values[static_cast<size_t>(upper)] * weight;
}

// The population variance by Welford's method with compensated sums.
double Variance(std::span<const double> values);

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_VECTOR_STATISTICS_H_
