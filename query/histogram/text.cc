#include "query/histogram/text.h"

#include <fmt/format.h>

#include "query/histogram/buckets.h"
#include "query/vector/go_float.h"

namespace tidegate::query {
namespace {

std::string BucketText(const Bucket& bucket) {
  return fmt::format(", {}{},{}{}:{}", bucket.lower_inclusive ? '[' : '(', FormatG(bucket.lower),
                     FormatG(bucket.upper), bucket.upper_inclusive ? ']' : ')',
                     FormatG(bucket.count));
}

}  // namespace

std::string ToText(const model::FloatHistogram& histogram) {
  std::string text =
      fmt::format("{{count:{}, sum:{}", FormatG(histogram.count), FormatG(histogram.sum));
  const auto negative = ListBuckets(histogram.negative_spans, histogram.negative_buckets);
  for (auto it = negative.rbegin(); it != negative.rend(); ++it) {
    if (it->count != 0) text += BucketText(NegativeBucket(histogram, *it));
  }
  if (histogram.zero_count != 0) text += BucketText(ZeroBucket(histogram));
  for (const IndexedBucket& bucket :
       ListBuckets(histogram.positive_spans, histogram.positive_buckets)) {
    if (bucket.count != 0) text += BucketText(PositiveBucket(histogram, bucket));
  }
  return text + "}";
}

}  // namespace tidegate::query
