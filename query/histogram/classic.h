// Estimates from classic histograms: one float series per upper bound, counts cumulative.
#ifndef TIDEGATE_QUERY_HISTOGRAM_CLASSIC_H_
#define TIDEGATE_QUERY_HISTOGRAM_CLASSIC_H_

#include <vector>

namespace tidegate::query {

struct ClassicBucket {
  double upper_bound = 0;
  double count = 0;  // Observations up to upper_bound.
};

// A quantile and what had to be repaired to get it: counts that fell from one bucket to the next.
struct ClassicQuantileResult {
  double value = 0;
  bool forced_monotonic = false;
  double min_bound = 0;  // The repaired buckets lie between these bounds.
  double max_bound = 0;
  double max_difference = 0;
};

// At least one bucket, in any order; the vector is sorted and repaired in place. NaN without a +Inf
// bucket, without a second bucket and without observations.
ClassicQuantileResult ClassicQuantile(double q, std::vector<ClassicBucket>* buckets);

// The share of observations between two bounds.
double ClassicFraction(double lower, double upper, std::vector<ClassicBucket>* buckets);

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_HISTOGRAM_CLASSIC_H_
