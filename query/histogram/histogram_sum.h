// Adding native histograms up, and what it takes to bring two of them to one layout.
//
// Rules: Prometheus' native histogram specification. Exponential histograms meet at the coarser
// schema and the wider zero bucket; histograms with custom buckets meet at the bounds that they
// share; the two families do not mix.
#ifndef TIDEGATE_QUERY_HISTOGRAM_HISTOGRAM_SUM_H_
#define TIDEGATE_QUERY_HISTOGRAM_HISTOGRAM_SUM_H_

#include <cstdint>
#include <vector>

#include "model/histogram.h"
#include "query/histogram/buckets.h"
#include "query/vector/kahan.h"

namespace tidegate::query {

// How two histograms met.
struct Meeting {
  bool compatible = true;  // False: exponential and custom buckets; nothing was changed.
  bool counter_reset_collision = false;  // One said "reset", the other "not reset".
  bool bounds_reconciled = false;        // Custom bounds differed.
};

// A sum without compensation: as many digits as plain addition gives.
struct PlainSum {
  double sum = 0;
  void Add(double value) { sum += value; }
  double Total() const { return sum; }
};

// A histogram under construction whose numbers are running sums: PlainSum, or KahanSum where
// Prometheus compensates (sum, avg, and their _over_time functions). Owned by one thread.
template <typename Sum>
class HistogramSum {
 public:
  explicit HistogramSum(const model::FloatHistogram& first);

  // Adds `factor` (1 or -1) times `other`.
  Meeting Add(const model::FloatHistogram& other, double factor = 1);
  // Multiplies or divides every running sum.
  void Scale(double factor);
  void Divide(double divisor);
  // An infinity in the count, the sum or a bucket.
  bool HasOverflow() const;
  model::FloatHistogram Result() const;

 private:
  struct Cell {
    int32_t index;
    Sum sum;
  };
  using Cells = std::vector<Cell>;

  void AddCustom(const model::FloatHistogram& other, double factor, Meeting* meeting);
  void AddExponential(const model::FloatHistogram& other, double factor);
  void WidenZeroBucket(double threshold);
  template <typename Change>
  void ChangeAll(Change change);

  model::CounterResetHint hint_;
  int32_t schema_;
  double zero_threshold_;
  Sum zero_;
  Sum count_;
  Sum sum_;
  Cells positive_;
  Cells negative_;
  std::vector<double> custom_values_;
};

extern template class HistogramSum<PlainSum>;
extern template class HistogramSum<KahanSum>;

// The bounds that both lists contain.
std::vector<double> SharedBounds(const std::vector<double>& a, const std::vector<double>& b);
// The buckets of a histogram with the custom bounds `from`, renumbered to the bounds `to`, which
// are some of `from`. The list may name a bucket several times, in ascending order.
std::vector<IndexedBucket> MapToBounds(std::vector<IndexedBucket> buckets,
                                       const std::vector<double>& from,
                                       const std::vector<double>& to);

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_HISTOGRAM_HISTOGRAM_SUM_H_
