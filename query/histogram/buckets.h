// The buckets of a native histogram as a plain list, which arithmetic and estimates walk.
#ifndef TIDEGATE_QUERY_HISTOGRAM_BUCKETS_H_
#define TIDEGATE_QUERY_HISTOGRAM_BUCKETS_H_

#include <cstdint>
#include <span>
#include <vector>

#include "model/histogram.h"

namespace tidegate::query {

// A bucket by its number; lists of them ascend by index.
struct IndexedBucket {
  int32_t index = 0;
  double count = 0;
};

// A bucket by its bounds.
struct Bucket {
  double lower = 0;
  double upper = 0;
  bool lower_inclusive = false;
  bool upper_inclusive = false;
  double count = 0;
};

// Reads spans; buckets that spans promise but the histogram does not have are left out.
std::vector<IndexedBucket> ListBuckets(std::span<const model::HistogramSpan> spans,
                                       std::span<const double> counts);
// Writes spans for the non-empty buckets of a list: the compact form.
void StoreBuckets(const std::vector<IndexedBucket>& buckets,
                  std::vector<model::HistogramSpan>* spans, std::vector<double>* counts);

// The bounds of one bucket of the positive or the negative side.
Bucket PositiveBucket(const model::FloatHistogram& histogram, const IndexedBucket& bucket);
Bucket NegativeBucket(const model::FloatHistogram& histogram, const IndexedBucket& bucket);
// [-threshold, threshold].
Bucket ZeroBucket(const model::FloatHistogram& histogram);

// All buckets in ascending order of their bounds: negative ones, the zero bucket when it has
// observations, positive ones. Exponential buckets that reach into the zero bucket are cut at its
// border. Buckets without observations are included where the histogram spells them out.
std::vector<Bucket> AscendingBuckets(const model::FloatHistogram& histogram);

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_HISTOGRAM_BUCKETS_H_
