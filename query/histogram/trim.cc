#include "query/histogram/trim.h"

#include <cmath>
#include <limits>
#include <vector>

#include "query/histogram/buckets.h"

namespace tidegate::query {
namespace {

using model::FloatHistogram;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Which kind of bucket is cut: it decides how observations are spread in it.
struct BucketShape {
  bool linear;    // Custom buckets and the zero bucket.
  bool positive;  // Right of zero.
};

// What remains of a bucket and where the removed observations are taken to have been.
struct Cut {
  double kept = 0;
  double midpoint = 0;
};

// Observations of a finite bucket that are at most `point`.
double CountBelow(const Bucket& bucket, double point, const BucketShape& shape) {
  if (point <= bucket.lower) return 0;
  if (point >= bucket.upper) return bucket.count;
  if (shape.linear) {
    return bucket.count * ((point - bucket.lower) / (bucket.upper - bucket.lower));
  }
  const double log_lower = std::log2(std::abs(bucket.lower));
  const double log_upper = std::log2(std::abs(bucket.upper));
  const double log_point = std::log2(std::abs(point));
  const double fraction = shape.positive
                              ? (log_point - log_lower) / (log_upper - log_lower)
                              : 1 - ((log_point - log_upper) / (log_lower - log_upper));
  return bucket.count * fraction;
}

double Midpoint(const Bucket& bucket, double product, const BucketShape& shape) {
  if (shape.linear) return (bucket.lower + bucket.upper) / 2;
  return shape.positive ? std::sqrt(product) : -std::sqrt(product);
}

// (-Inf, upper]: with a positive upper bound, observations are taken to lie between 0 and it;
// otherwise nothing is known about them and a cut removes them all.
Cut CutOpenBelow(const Bucket& bucket, double point, TrimSide side) {
  const bool from_zero = point >= 0 && bucket.upper > point && bucket.upper != kInfinity;
  if (side == TrimSide::kAbove) {
    if (point >= bucket.upper) return {bucket.count, 0};
    if (from_zero) return {bucket.count * point / bucket.upper, (point + bucket.upper) / 2};
    return {0, bucket.upper};
  }
  if (point <= bucket.lower) return {bucket.count, 0};
  if (from_zero) return {bucket.count * (1 - point / bucket.upper), point / 2};
  return {0, bucket.upper};
}

// [lower, +Inf): a cut inside removes everything.
Cut CutOpenAbove(const Bucket& bucket, double point, TrimSide side) {
  if (side == TrimSide::kBelow && point <= bucket.lower) return {bucket.count, 0};
  return {0, bucket.lower};
}

Cut CutBucket(const Bucket& bucket, double point, TrimSide side, const BucketShape& shape) {
  if (bucket.lower == -kInfinity) return CutOpenBelow(bucket, point, side);
  if (bucket.upper == kInfinity) return CutOpenAbove(bucket, point, side);
  const double below = CountBelow(bucket, point, shape);
  if (side == TrimSide::kAbove) {
    return {below, Midpoint(bucket, std::abs(bucket.lower) * std::abs(point), shape)};
  }
  return {bucket.count - below, Midpoint(bucket, std::abs(point) * std::abs(bucket.upper), shape)};
}

// Collects what is kept and what goes while all buckets are trimmed.
class Trimmer {
 public:
  Trimmer(double point, TrimSide side) : point_(point), side_(side) {}

  // What remains of the bucket.
  double Visit(const Bucket& bucket, const BucketShape& shape) {
    if (bucket.count == 0) return 0;
    const Cut cut = CutBucket(bucket, point_, side_, shape);
    const bool above = side_ == TrimSide::kAbove;
    const bool whole = above ? bucket.upper <= point_ : bucket.lower >= point_;
    const bool part = above ? bucket.lower < point_ : bucket.upper > point_;
    if (whole) {
      count_ += bucket.count;
      return bucket.count;
    }
    if (part) {
      removed_sum_ += (bucket.count - cut.kept) * cut.midpoint;
      count_ += cut.kept;
      return cut.kept;
    }
    const double middle = shape.linear ? cut.midpoint : std::sqrt(bucket.lower * bucket.upper);
    removed_sum_ += bucket.count * middle;
    return 0;
  }

  double VisitZero(const Bucket& bucket) {
    const double below = CountBelow(bucket, point_, {.linear = true, .positive = true});
    const double kept = side_ == TrimSide::kAbove ? below : bucket.count - below;
    count_ += kept;
    return kept;
  }

  void Note(bool positive, bool negative) {
    has_positive_ |= positive;
    has_negative_ |= negative;
  }

  double count() const { return count_; }
  double SumOf(double original) const {
    if (count_ == 0) return 0;
    const double sum = original - removed_sum_;
    // An estimate must not have a sign that no observation has.
    if (!has_negative_ && sum < 0) return 0;
    if (!has_positive_ && sum > 0) return 0;
    return sum;
  }

 private:
  const double point_;
  const TrimSide side_;
  double count_ = 0;
  double removed_sum_ = 0;
  bool has_positive_ = false;
  bool has_negative_ = false;
};

}  // namespace

FloatHistogram Trim(const FloatHistogram& histogram, double point, TrimSide side) {
  FloatHistogram result = histogram;
  Trimmer trimmer(point, side);
  const bool custom = histogram.uses_custom_buckets();

  auto positive = ListBuckets(histogram.positive_spans, histogram.positive_buckets);
  for (IndexedBucket& indexed : positive) {
    const Bucket bucket = PositiveBucket(histogram, indexed);
    if (bucket.count == 0) continue;
    trimmer.Note(!custom || bucket.upper > 0, custom && bucket.lower < 0);
    if (custom && bucket.upper <= 0) trimmer.Note(false, true);
    indexed.count = trimmer.Visit(bucket, {.linear = custom, .positive = true});
  }
  auto negative = ListBuckets(histogram.negative_spans, histogram.negative_buckets);
  for (IndexedBucket& indexed : negative) {
    if (indexed.count == 0) continue;
    trimmer.Note(false, true);
    indexed.count = trimmer.Visit(NegativeBucket(histogram, indexed),
                                  {.linear = custom, .positive = false});
  }
  if (histogram.zero_count > 0) result.zero_count = trimmer.VisitZero(ZeroBucket(histogram));

  StoreBuckets(positive, &result.positive_spans, &result.positive_buckets);
  StoreBuckets(negative, &result.negative_spans, &result.negative_buckets);
  result.count = trimmer.count();
  result.sum = trimmer.SumOf(histogram.sum);
  return result;
}

}  // namespace tidegate::query
