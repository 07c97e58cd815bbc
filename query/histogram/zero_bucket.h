// Widening the zero bucket, so that histograms with different ones can meet.
#ifndef TIDEGATE_QUERY_HISTOGRAM_ZERO_BUCKET_H_
#define TIDEGATE_QUERY_HISTOGRAM_ZERO_BUCKET_H_

#include "model/histogram.h"

namespace tidegate::query {

// A zero bucket: all observations in [-threshold, threshold].
struct ZeroRange {
  double threshold = 0;
  double count = 0;
};

// The zero bucket that an exponential histogram would have with the threshold `wanted` (not below
// its own). When that lies inside a populated bucket, it is moved out to the bucket's far end.
ZeroRange WidenZeroBucket(const model::FloatHistogram& histogram, double wanted);

// The narrowest zero bucket that covers those of both histograms and cuts no populated bucket of
// either: its threshold, and the counts that the two histograms have in it.
struct CommonZeroRange {
  double threshold = 0;
  double count_a = 0;
  double count_b = 0;
};
CommonZeroRange ReconcileZeroBuckets(const model::FloatHistogram& a,
                                     const model::FloatHistogram& b);

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_HISTOGRAM_ZERO_BUCKET_H_
