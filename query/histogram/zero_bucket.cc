#include "query/histogram/zero_bucket.h"

#include <vector>

#include "query/histogram/buckets.h"

namespace tidegate::query {
namespace {

using model::FloatHistogram;

// Adds the buckets of one side that reach below `range->threshold`. True when the threshold lies
// inside a populated one and was moved out.
bool AddSide(const FloatHistogram& histogram, const std::vector<IndexedBucket>& buckets,
             ZeroRange* range) {
  for (const IndexedBucket& indexed : buckets) {
    // Both sides mirror each other: in absolute terms a negative bucket is a positive one.
    const Bucket bucket = PositiveBucket(histogram, indexed);
    if (bucket.lower >= range->threshold) return false;
    range->count += bucket.count;
    if (bucket.upper > range->threshold) {
      if (bucket.count == 0) return false;
      range->threshold = bucket.upper;
      return true;
    }
  }
  return false;
}

}  // namespace

ZeroRange WidenZeroBucket(const FloatHistogram& histogram, double wanted) {
  if (!(wanted > histogram.zero_threshold)) {
    return {histogram.zero_threshold, histogram.zero_count};
  }
  const auto positive = ListBuckets(histogram.positive_spans, histogram.positive_buckets);
  const auto negative = ListBuckets(histogram.negative_spans, histogram.negative_buckets);
  ZeroRange range{.threshold = wanted};
  do {
    range.count = histogram.zero_count;
    AddSide(histogram, positive, &range);
    // A move on the negative side makes the positive side wrong: once more. Thresholds only grow.
  } while (AddSide(histogram, negative, &range));
  return range;
}

CommonZeroRange ReconcileZeroBuckets(const FloatHistogram& a, const FloatHistogram& b) {
  ZeroRange range_a{a.zero_threshold, a.zero_count};
  ZeroRange range_b{b.zero_threshold, b.zero_count};
  while (range_a.threshold != range_b.threshold) {
    if (range_a.threshold > range_b.threshold) {
      range_b = WidenZeroBucket(b, range_a.threshold);
      if (range_b.threshold < range_a.threshold) break;  // A NaN threshold; nothing to reconcile.
    }
    if (range_b.threshold > range_a.threshold) {
      range_a = WidenZeroBucket(a, range_b.threshold);
      if (range_a.threshold < range_b.threshold) break;
    }
    const bool ordered =
        range_a.threshold <= range_b.threshold || range_b.threshold <= range_a.threshold;
    if (!ordered) break;
  }
  return {range_a.threshold, range_a.count, range_b.count};
}

}  // namespace tidegate::query
