#include "query/histogram/classic.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tidegate::query {
namespace {

using Buckets = std::vector<ClassicBucket>;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
// Differences below this share of both counts are rounding, not data.
constexpr double kTolerance = 1e-12;

void SortByBound(Buckets* buckets) {
  std::stable_sort(
      buckets->begin(), buckets->end(),
      [](const ClassicBucket& a, const ClassicBucket& b) { return a.upper_bound < b.upper_bound; });
}

// le="1" and le="1.0" are one bucket.
void Coalesce(Buckets* buckets) {
  size_t last = 0;
  for (size_t i = 1; i < buckets->size(); ++i) {
    if ((*buckets)[i].upper_bound == (*buckets)[last].upper_bound) {
      (*buckets)[last].count += (*buckets)[i].count;
    } else {
      (*buckets)[++last] = (*buckets)[i];
    }
  }
  buckets->resize(last + 1);
}

bool NearlyEqual(double a, double b) {
  if (std::isnan(a) && std::isnan(b)) return true;
  if (a == b) return true;
  const double sum = std::abs(a) + std::abs(b);
  const double difference = std::abs(a - b);
  constexpr double kMinNormal = std::numeric_limits<double>::min();
  if (a == 0 || b == 0 || sum < kMinNormal) return difference < kTolerance * kMinNormal;
  return difference / std::min(sum, std::numeric_limits<double>::max()) < kTolerance;
}

// Counts may not fall: lifts them to the last good one and notes where.
void ForceMonotonic(Buckets* buckets, ClassicQuantileResult* result) {
  result->min_bound = kInfinity;
  result->max_bound = -kInfinity;
  double previous = buckets->front().count;
  for (size_t i = 1; i < buckets->size(); ++i) {
    ClassicBucket& bucket = (*buckets)[i];
    if (bucket.count == previous) continue;
    if (NearlyEqual(previous, bucket.count)) {
      bucket.count = previous;
    } else if (bucket.count < previous) {
      result->forced_monotonic = true;
      result->min_bound = std::min(result->min_bound, bucket.upper_bound);
      result->max_bound = std::max(result->max_bound, bucket.upper_bound);
      result->max_difference = std::max(result->max_difference, previous - bucket.count);
      bucket.count = previous;
    } else {
      previous = bucket.count;
    }
  }
}

double QuantileOf(double q, const Buckets& buckets) {
  if (buckets.size() < 2 || buckets.back().count == 0) return kNan;
  double rank = q * buckets.back().count;
  const auto last = buckets.end() - 1;
  const auto found = std::partition_point(
      buckets.begin(), last, [&](const ClassicBucket& bucket) { return !(bucket.count >= rank); });
  if (found == last) return (last - 1)->upper_bound;
  if (found == buckets.begin() && found->upper_bound <= 0) return found->upper_bound;
  double start = 0;
  double count = found->count;
  if (found != buckets.begin()) {
    const ClassicBucket& below = *(found - 1);
    start = below.upper_bound;
    count -= below.count;
    rank -= below.count;
  }
  return start + (found->upper_bound - start) * (rank / count);
}

}  // namespace

ClassicQuantileResult ClassicQuantile(double q, Buckets* buckets) {
  ClassicQuantileResult result;
  if (std::isnan(q)) {
    result.value = kNan;
  } else if (q < 0 || q > 1) {
    result.value = q < 0 ? -kInfinity : kInfinity;
  } else {
    SortByBound(buckets);
    if (buckets->back().upper_bound != kInfinity) {
      result.value = kNan;
      return result;
    }
    Coalesce(buckets);
    ForceMonotonic(buckets, &result);
    result.value = QuantileOf(q, *buckets);
  }
  return result;
}

double ClassicFraction(double lower, double upper, Buckets* buckets) {
  SortByBound(buckets);
  if (buckets->back().upper_bound != kInfinity) return kNan;
  Coalesce(buckets);
  const double count = buckets->back().count;
  if (count == 0 || std::isnan(lower) || std::isnan(upper)) return kNan;
  if (lower >= upper) return 0;

  // The rank of each bound: how many observations are below it, evenly spread within a bucket. A
  // first bucket that ends above zero begins at zero.
  double below_lower = count;
  double below_upper = count;
  bool lower_set = false;
  bool upper_set = false;
  double rank = 0;
  double start = buckets->front().upper_bound <= 0 ? -kInfinity : 0;
  for (const ClassicBucket& bucket : *buckets) {
    const auto place = [&](double bound, bool* set, double* below) {
      if (*set) return;
      if (start >= bound) {
        *below = rank;
        *set = true;
      } else if (bucket.upper_bound > bound) {
        *below = start == -kInfinity ? bucket.count
                                     : rank + (bucket.count - rank) * (bound - start) /
                                                  (bucket.upper_bound - start);
        *set = true;
      }
    };
    place(lower, &lower_set, &below_lower);
    place(upper, &upper_set, &below_upper);
    rank = bucket.count;
    start = bucket.upper_bound;
  }
  return (std::min(below_upper, count) - std::min(below_lower, count)) / count;
}

}  // namespace tidegate::query
