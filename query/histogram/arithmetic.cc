#include "query/histogram/arithmetic.h"

#include <algorithm>
#include <vector>

#include "model/bucket_bounds.h"
#include "model/sample.h"
#include "query/histogram/buckets.h"

namespace tidegate::query {
namespace {

using model::FloatHistogram;
using model::SameBits;

Meeting Combine(const FloatHistogram& other, double factor, FloatHistogram* histogram) {
  HistogramSum<PlainSum> sum(*histogram);
  const Meeting meeting = sum.Add(other, factor);
  if (meeting.compatible) *histogram = sum.Result();
  return meeting;
}

template <typename Change>
void ChangeNumbers(FloatHistogram* histogram, Change change) {
  change(&histogram->zero_count);
  change(&histogram->count);
  change(&histogram->sum);
  for (double& count : histogram->positive_buckets) change(&count);
  for (double& count : histogram->negative_buckets) change(&count);
}

void CompactSide(std::vector<model::HistogramSpan>* spans, std::vector<double>* counts) {
  const std::vector<IndexedBucket> buckets = ListBuckets(*spans, *counts);
  StoreBuckets(buckets, spans, counts);
}

void CoarsenSide(int32_t from, int32_t to, std::vector<model::HistogramSpan>* spans,
                 std::vector<double>* counts) {
  std::vector<IndexedBucket> merged;
  for (const IndexedBucket& bucket : ListBuckets(*spans, *counts)) {
    const int32_t index = model::IndexInSchema(bucket.index, from, to);
    if (!merged.empty() && merged.back().index == index) {
      merged.back().count += bucket.count;
    } else {
      merged.push_back({index, bucket.count});
    }
  }
  StoreBuckets(merged, spans, counts);
}

bool SameSide(const std::vector<model::HistogramSpan>& spans_a, const std::vector<double>& counts_a,
              const std::vector<model::HistogramSpan>& spans_b,
              const std::vector<double>& counts_b) {
  const auto a = ListBuckets(spans_a, counts_a);
  const auto b = ListBuckets(spans_b, counts_b);
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const IndexedBucket& x, const IndexedBucket& y) {
                      return x.index == y.index && SameBits(x.count, y.count);
                    });
}

}  // namespace

Meeting AddTo(const FloatHistogram& other, FloatHistogram* histogram) {
  return Combine(other, 1, histogram);
}

Meeting SubtractFrom(const FloatHistogram& other, FloatHistogram* histogram) {
  return Combine(other, -1, histogram);
}

void Multiply(double factor, FloatHistogram* histogram) {
  ChangeNumbers(histogram, [factor](double* number) { *number *= factor; });
  if (factor < 0) histogram->counter_reset_hint = model::CounterResetHint::kGauge;
}

void Divide(double divisor, FloatHistogram* histogram) {
  ChangeNumbers(histogram, [divisor](double* number) { *number /= divisor; });
  if (divisor == 0) {
    histogram->positive_spans.clear();
    histogram->negative_spans.clear();
    histogram->positive_buckets.clear();
    histogram->negative_buckets.clear();
  }
  if (divisor < 0) histogram->counter_reset_hint = model::CounterResetHint::kGauge;
}

void Compact(FloatHistogram* histogram) {
  CompactSide(&histogram->positive_spans, &histogram->positive_buckets);
  CompactSide(&histogram->negative_spans, &histogram->negative_buckets);
}

FloatHistogram InSchema(const FloatHistogram& histogram, int32_t schema) {
  FloatHistogram result = histogram;
  if (schema >= histogram.schema || histogram.uses_custom_buckets() ||
      schema < model::kMinExponentialSchema) {
    return result;
  }
  CoarsenSide(histogram.schema, schema, &result.positive_spans, &result.positive_buckets);
  CoarsenSide(histogram.schema, schema, &result.negative_spans, &result.negative_buckets);
  result.schema = schema;
  return result;
}

bool SameContent(const FloatHistogram& a, const FloatHistogram& b) {
  return a.schema == b.schema && SameBits(a.count, b.count) && SameBits(a.sum, b.sum) &&
         (!a.uses_custom_buckets() || a.custom_values == b.custom_values) &&
         a.zero_threshold == b.zero_threshold && SameBits(a.zero_count, b.zero_count) &&
         SameSide(a.positive_spans, a.positive_buckets, b.positive_spans, b.positive_buckets) &&
         SameSide(a.negative_spans, a.negative_buckets, b.negative_spans, b.negative_buckets);
}

}  // namespace tidegate::query
