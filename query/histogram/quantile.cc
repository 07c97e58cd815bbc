#include "query/histogram/quantile.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "query/histogram/buckets.h"

namespace tidegate::query {
namespace {

using model::FloatHistogram;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// With observations on one side of zero only, the zero bucket holds none of the other side.
void CutZeroBucket(const FloatHistogram& histogram, Bucket* bucket) {
  if (histogram.negative_buckets.empty() && !histogram.positive_buckets.empty()) {
    bucket->lower = 0;
  } else if (histogram.positive_buckets.empty() && !histogram.negative_buckets.empty()) {
    bucket->upper = 0;
  }
}

double Interpolate(const Bucket& bucket, double fraction, bool custom) {
  if (custom || (bucket.lower <= 0 && bucket.upper >= 0)) {
    return bucket.lower + (bucket.upper - bucket.lower) * fraction;
  }
  const double log_lower = std::log2(std::abs(bucket.lower));
  const double log_upper = std::log2(std::abs(bucket.upper));
  if (bucket.lower > 0) return std::exp2(log_lower + (log_upper - log_lower) * fraction);
  return -std::exp2(log_upper + (log_lower - log_upper) * (1 - fraction));
}

// How many observations up to `value` the bucket adds to the `rank` below it.
double RankWithin(const Bucket& bucket, double value, double rank, bool linear) {
  if (linear) {
    if (bucket.lower == -kInfinity) return bucket.count;
    return rank + bucket.count * (value - bucket.lower) / (bucket.upper - bucket.lower);
  }
  const double log_lower = std::log2(std::abs(bucket.lower));
  const double log_upper = std::log2(std::abs(bucket.upper));
  const double log_value = std::log2(std::abs(value));
  const double fraction = value > 0 ? (log_value - log_lower) / (log_upper - log_lower)
                                    : 1 - ((log_value - log_upper) / (log_lower - log_upper));
  return rank + bucket.count * fraction;
}

// The rank of one bound, found while walking up the buckets.
struct RankFinder {
  double bound;
  double rank = 0;
  bool found = false;

  void Visit(const Bucket& bucket, double below, bool linear) {
    if (!found && bucket.lower >= bound) {
      rank = below;
      found = true;
    }
    if (!found && bucket.lower < bound && bucket.upper > bound) {
      rank = RankWithin(bucket, bound, below, linear);
      found = true;
    }
  }
  double RankOr(double count) const { return !found || rank > count ? count : rank; }
};

double CountIn(const std::vector<Bucket>& buckets) {
  double count = 0;
  for (const Bucket& bucket : buckets) count += bucket.count;
  return count;
}

}  // namespace

Estimate HistogramQuantile(double q, const FloatHistogram& histogram) {
  if (q < 0) return {-kInfinity};
  if (q > 1) return {kInfinity};
  if (histogram.count == 0 || std::isnan(q)) return {kNan};

  // NaN observations are counted above all buckets: only walking up finds the right rank.
  const bool upwards = std::isnan(histogram.sum) || q < 0.5;
  std::vector<Bucket> buckets = AscendingBuckets(histogram);
  if (!upwards) std::reverse(buckets.begin(), buckets.end());
  double rank = upwards ? q * histogram.count : (1 - q) * histogram.count;

  const bool custom = histogram.uses_custom_buckets();
  Bucket bucket;
  double count = 0;
  for (const Bucket& candidate : buckets) {
    bucket = candidate;
    if (candidate.count == 0) continue;
    count += candidate.count;
    if (count >= rank) break;
  }
  if (!custom && bucket.lower < 0 && bucket.upper > 0) {
    CutZeroBucket(histogram, &bucket);
  } else if (custom) {
    if (bucket.lower == -kInfinity) {
      if (bucket.upper <= 0) return {bucket.upper};
      bucket.lower = 0;
    } else if (bucket.upper == kInfinity) {
      return {bucket.lower};
    }
  }
  count = std::min(count, histogram.count);
  if (count < rank) {
    if (std::isnan(histogram.sum)) return {kNan, NanEffect::kResultIsNan};
    return {bucket.upper};
  }
  rank = upwards ? rank - (count - bucket.count) : count - rank;
  const bool nan_observed = std::isnan(histogram.sum) && CountIn(buckets) < histogram.count;
  return {Interpolate(bucket, rank / bucket.count, custom),
          nan_observed ? NanEffect::kSkewed : NanEffect::kNone};
}

Estimate HistogramFraction(double lower, double upper, const FloatHistogram& histogram) {
  if (histogram.count == 0 || std::isnan(lower) || std::isnan(upper)) return {kNan};
  if (lower >= upper) return {0};

  const std::vector<Bucket> buckets = AscendingBuckets(histogram);
  RankFinder low{.bound = lower};
  RankFinder high{.bound = upper};
  double rank = 0;
  for (Bucket bucket : buckets) {
    const bool zero_bucket = bucket.lower <= 0 && bucket.upper >= 0;
    if (zero_bucket) CutZeroBucket(histogram, &bucket);
    const bool linear = histogram.uses_custom_buckets() || zero_bucket;
    low.Visit(bucket, rank, linear);
    high.Visit(bucket, rank, linear);
    if (low.found && high.found) break;
    rank += bucket.count;
  }
  double count = histogram.count;
  NanEffect nan = NanEffect::kNone;
  if (std::isnan(histogram.sum)) {
    count = CountIn(buckets);
    if (count < histogram.count) nan = NanEffect::kSkewed;
  }
  return {(high.RankOr(count) - low.RankOr(count)) / histogram.count, nan};
}

}  // namespace tidegate::query
