#include "query/histogram/trim.h"

#include <cmath>
#include <limits>
#include <vector>

#include "query/histogram/buckets.h"

namespace tidegate::query {
namespace {

using model::FloatHistogram;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// How observations are spread in a bucket.
enum class Spread { kLinear, kExponential };

// What remains of a bucket, and the value that its observations are taken to have.
struct Rest {
  double count = 0;
  double center = 0;
};

double Center(double lower, double upper, Spread spread) {
  if (spread == Spread::kLinear) return (lower + upper) / 2;
  const double center = std::sqrt(std::abs(lower) * std::abs(upper));
  return upper > 0 ? center : -center;
}

// The share of a finite bucket that is at most `point`, which lies inside.
double ShareBelow(const Bucket& bucket, double point, Spread spread) {
  if (spread == Spread::kLinear) return (point - bucket.lower) / (bucket.upper - bucket.lower);
  const double log_lower = std::log2(std::abs(bucket.lower));
  const double log_upper = std::log2(std::abs(bucket.upper));
  const double log_point = std::log2(std::abs(point));
  return bucket.upper > 0 ? (log_point - log_lower) / (log_upper - log_lower)
                          : 1 - ((log_point - log_upper) / (log_lower - log_upper));
}

Rest TrimFinite(const Bucket& bucket, double point, TrimSide side, Spread spread) {
  const bool above = side == TrimSide::kAbove;
  const bool whole = above ? bucket.upper <= point : bucket.lower >= point;
  if (whole) return {bucket.count, Center(bucket.lower, bucket.upper, spread)};
  const bool none = above ? bucket.lower >= point : bucket.upper <= point;
  if (none) return {};
  const double below = bucket.count * ShareBelow(bucket, point, spread);
  if (above) return {below, Center(bucket.lower, point, spread)};
  return {bucket.count - below, Center(point, bucket.upper, spread)};
}

// (-Inf, upper] of custom buckets. With a positive upper bound, observations are taken to lie
// between zero and it. Otherwise all that is known is that they are not above it: a point inside
// leaves them all, at the point, or none.
Rest TrimOpenBelow(const Bucket& bucket, double point, TrimSide side) {
  const bool above = side == TrimSide::kAbove;
  if (bucket.upper == kInfinity) return {};
  if (bucket.upper > 0) {
    if (point < 0) return {};
    const Bucket from_zero{.lower = 0, .upper = bucket.upper, .count = bucket.count};
    return TrimFinite(from_zero, point, side, Spread::kLinear);
  }
  if (above && point >= bucket.upper) return {bucket.count, bucket.upper};
  if (above && point > -kInfinity) return {bucket.count, point};
  if (!above && point == -kInfinity) return {bucket.count, bucket.upper};
  return {};
}

// (lower, +Inf]: the mirror image.
Rest TrimOpenAbove(const Bucket& bucket, double point, TrimSide side) {
  if (side == TrimSide::kAbove) {
    return point == kInfinity ? Rest{bucket.count, bucket.lower} : Rest{};
  }
  if (point <= bucket.lower) return {bucket.count, bucket.lower};
  return point < kInfinity ? Rest{bucket.count, point} : Rest{};
}

// Trims bucket by bucket and keeps the totals.
class Trimmer {
 public:
  Trimmer(double point, TrimSide side) : point_(point), side_(side) {}

  double Trim(const Bucket& bucket, Spread spread) {
    if (bucket.count == 0) return 0;
    Rest rest;
    if (bucket.lower == -kInfinity) {
      rest = TrimOpenBelow(bucket, point_, side_);
    } else if (bucket.upper == kInfinity) {
      rest = TrimOpenAbove(bucket, point_, side_);
    } else {
      rest = TrimFinite(bucket, point_, side_, spread);
    }
    changed_ = changed_ || rest.count != bucket.count;
    count_ += rest.count;
    if (rest.count != 0) sum_ += rest.count * rest.center;
    return rest.count;
  }

  bool changed() const { return changed_; }
  double count() const { return count_; }
  double sum() const { return sum_; }

 private:
  const double point_;
  const TrimSide side_;
  bool changed_ = false;
  double count_ = 0;
  double sum_ = 0;
};

// With observations on one side of zero only, the zero bucket holds none of the other side.
Bucket OneSidedZeroBucket(const FloatHistogram& histogram) {
  Bucket bucket = ZeroBucket(histogram);
  const bool negative = !histogram.negative_buckets.empty();
  const bool positive = !histogram.positive_buckets.empty();
  if (positive && !negative) bucket.lower = 0;
  if (negative && !positive) bucket.upper = 0;
  return bucket;
}

}  // namespace

FloatHistogram Trim(const FloatHistogram& histogram, double point, TrimSide side) {
  FloatHistogram result = histogram;
  Trimmer trimmer(point, side);
  const Spread spread = histogram.uses_custom_buckets() ? Spread::kLinear : Spread::kExponential;
  auto positive = ListBuckets(histogram.positive_spans, histogram.positive_buckets);
  for (IndexedBucket& bucket : positive) {
    bucket.count = trimmer.Trim(PositiveBucket(histogram, bucket), spread);
  }
  auto negative = ListBuckets(histogram.negative_spans, histogram.negative_buckets);
  for (IndexedBucket& bucket : negative) {
    bucket.count = trimmer.Trim(NegativeBucket(histogram, bucket), spread);
  }
  if (histogram.zero_count > 0) {
    result.zero_count = trimmer.Trim(OneSidedZeroBucket(histogram), Spread::kLinear);
  }
  // The exact count and sum are kept as long as nothing was removed.
  if (!trimmer.changed()) return result;
  StoreBuckets(positive, &result.positive_spans, &result.positive_buckets);
  StoreBuckets(negative, &result.negative_spans, &result.negative_buckets);
  result.count = trimmer.count();
  result.sum = trimmer.sum();
  return result;
}

}  // namespace tidegate::query
