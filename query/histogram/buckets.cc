#include "query/histogram/buckets.h"

#include "model/bucket_bounds.h"

namespace tidegate::query {

using model::FloatHistogram;
using model::HistogramSpan;

std::vector<IndexedBucket> ListBuckets(std::span<const HistogramSpan> spans,
                                       std::span<const double> counts) {
  std::vector<IndexedBucket> buckets;
  buckets.reserve(counts.size());
  int64_t index = 0;
  size_t next = 0;
  for (const HistogramSpan& span : spans) {
    index += span.offset;
    for (uint32_t i = 0; i < span.length && next < counts.size(); ++i, ++index, ++next) {
      buckets.push_back({static_cast<int32_t>(index), counts[next]});
    }
  }
  return buckets;
}

void StoreBuckets(const std::vector<IndexedBucket>& buckets, std::vector<HistogramSpan>* spans,
                  std::vector<double>* counts) {
  spans->clear();
  counts->clear();
  int64_t expected = 0;  // Just behind the last stored bucket.
  for (const IndexedBucket& bucket : buckets) {
    if (bucket.count == 0) continue;
    if (!spans->empty() && bucket.index == expected) {
      ++spans->back().length;
    } else {
      spans->push_back({static_cast<int32_t>(bucket.index - expected), 1});
    }
    counts->push_back(bucket.count);
    expected = int64_t{bucket.index} + 1;
  }
}

Bucket PositiveBucket(const FloatHistogram& histogram, const IndexedBucket& bucket) {
  Bucket result{.upper_inclusive = true, .count = bucket.count};
  if (histogram.uses_custom_buckets()) {
    result.lower = model::CustomBound(bucket.index - 1, histogram.custom_values);
    result.upper = model::CustomBound(bucket.index, histogram.custom_values);
    result.lower_inclusive = bucket.index == 0;
  } else {
    result.lower = model::ExponentialBound(bucket.index - 1, histogram.schema);
    result.upper = model::ExponentialBound(bucket.index, histogram.schema);
  }
  return result;
}

Bucket NegativeBucket(const FloatHistogram& histogram, const IndexedBucket& bucket) {
  return Bucket{.lower = -model::ExponentialBound(bucket.index, histogram.schema),
                .upper = -model::ExponentialBound(bucket.index - 1, histogram.schema),
                .lower_inclusive = true,
                .count = bucket.count};
}

Bucket ZeroBucket(const FloatHistogram& histogram) {
  return Bucket{.lower = -histogram.zero_threshold,
                .upper = histogram.zero_threshold,
                .lower_inclusive = true,
                .upper_inclusive = true,
                .count = histogram.zero_count};
}

std::vector<Bucket> AscendingBuckets(const FloatHistogram& histogram) {
  const auto negative = ListBuckets(histogram.negative_spans, histogram.negative_buckets);
  const auto positive = ListBuckets(histogram.positive_spans, histogram.positive_buckets);
  std::vector<Bucket> buckets;
  buckets.reserve(negative.size() + positive.size() + 1);
  const double threshold = histogram.zero_threshold;
  for (auto it = negative.rbegin(); it != negative.rend(); ++it) {
    Bucket bucket = NegativeBucket(histogram, *it);
    if (bucket.upper < 0 && bucket.upper > -threshold) bucket.upper = -threshold;
    buckets.push_back(bucket);
  }
  if (histogram.zero_count > 0) buckets.push_back(ZeroBucket(histogram));
  for (const IndexedBucket& indexed : positive) {
    Bucket bucket = PositiveBucket(histogram, indexed);
    if (bucket.lower > 0 && bucket.lower < threshold) bucket.lower = threshold;
    buckets.push_back(bucket);
  }
  return buckets;
}

}  // namespace tidegate::query
