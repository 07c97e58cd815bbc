#include "query/histogram/counter_reset.h"

#include <vector>

#include "model/bucket_bounds.h"
#include "query/histogram/arithmetic.h"
#include "query/histogram/buckets.h"
#include "query/histogram/zero_bucket.h"

namespace tidegate::query {
namespace {

using model::CounterResetHint;
using model::FloatHistogram;

// A populated bucket above `threshold` that is missing now or holds less.
bool SideShrank(const std::vector<IndexedBucket>& previous,
                const std::vector<IndexedBucket>& current, double threshold, int32_t schema) {
  auto now = current.begin();
  for (const IndexedBucket& before : previous) {
    if (before.count == 0 || model::ExponentialBound(before.index, schema) <= threshold) continue;
    while (now != current.end() && now->index < before.index) ++now;
    if (now == current.end() || now->index != before.index) return true;
    if (now->count < before.count) return true;
  }
  return false;
}

// Custom buckets: compares what lies between the bounds that both have.
bool CustomShrank(const FloatHistogram& previous, const FloatHistogram& current) {
  const std::vector<double> shared = SharedBounds(previous.custom_values, current.custom_values);
  const auto rolled_up = [&shared](const FloatHistogram& histogram) {
    std::vector<double> counts(shared.size() + 1);
    for (const IndexedBucket& bucket :
         MapToBounds(ListBuckets(histogram.positive_spans, histogram.positive_buckets),
                     histogram.custom_values, shared)) {
      counts[static_cast<size_t>(bucket.index)] += bucket.count;
    }
    return counts;
  };
  const std::vector<double> before = rolled_up(previous);
  const std::vector<double> now = rolled_up(current);
  for (size_t i = 0; i < before.size(); ++i) {
    if (now[i] < before[i]) return true;
  }
  return false;
}

bool ExponentialShrank(const FloatHistogram& previous, const FloatHistogram& current) {
  if (current.schema > previous.schema) return true;
  if (current.zero_threshold < previous.zero_threshold) return true;
  const ZeroRange zero = WidenZeroBucket(previous, current.zero_threshold);
  if (zero.threshold != current.zero_threshold) return true;
  if (current.zero_count < zero.count) return true;
  const FloatHistogram before = InSchema(previous, current.schema);
  return SideShrank(ListBuckets(before.positive_spans, before.positive_buckets),
                    ListBuckets(current.positive_spans, current.positive_buckets),
                    current.zero_threshold, current.schema) ||
         SideShrank(ListBuckets(before.negative_spans, before.negative_buckets),
                    ListBuckets(current.negative_spans, current.negative_buckets),
                    current.zero_threshold, current.schema);
}

}  // namespace

bool IsCounterReset(const FloatHistogram& previous, const FloatHistogram& current) {
  if (current.counter_reset_hint == CounterResetHint::kReset) return true;
  if (current.counter_reset_hint == CounterResetHint::kNotReset) return false;
  if (current.count < previous.count) return true;
  if (current.uses_custom_buckets() != previous.uses_custom_buckets()) return true;
  if (current.uses_custom_buckets()) return CustomShrank(previous, current);
  return ExponentialShrank(previous, current);
}

}  // namespace tidegate::query
