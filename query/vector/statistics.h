// Statistics of plain floats, with exactly Prometheus' digits.
#ifndef TIDEGATE_QUERY_VECTOR_STATISTICS_H_
#define TIDEGATE_QUERY_VECTOR_STATISTICS_H_

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

// The population variance by Welford's method with compensated sums.
double Variance(std::span<const double> values);

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_VECTOR_STATISTICS_H_
