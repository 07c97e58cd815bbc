#include "api/prometheus/histogram_json.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "model/bucket_bounds.h"

namespace tidegate::api {
namespace {

// The upper bound of a bucket, in absolute terms.
double Bound(int32_t index, const model::FloatHistogram& h) {
  return h.uses_custom_buckets() ? model::CustomBound(index, h.custom_values)
                                 : model::ExponentialBound(index, h.schema);
}

struct NumberedBucket {
  int32_t index;
  double count;
};

// Spans and buckets may disagree in damaged data: the shorter one ends the list.
std::vector<NumberedBucket> NonEmpty(const std::vector<model::HistogramSpan>& spans,
                                     const std::vector<double>& counts) {
  std::vector<NumberedBucket> buckets;
  int64_t index = 0;
  size_t next = 0;
  for (const model::HistogramSpan& span : spans) {
    index += span.offset;
    for (uint32_t i = 0; i < span.length && next < counts.size(); ++i, ++index, ++next) {
      if (counts[next] != 0) buckets.push_back({static_cast<int32_t>(index), counts[next]});
    }
  }
  return buckets;
}

void WriteBucket(int rule, double lower, double upper, double count, JsonWriter& json) {
  json.BeginArray();
  json.Integer(rule);
  json.SampleValue(lower);
  json.SampleValue(upper);
  json.SampleValue(count);
  json.EndArray();
}

// Bounds that reach into the zero bucket end where it begins.
void WriteNegative(const model::FloatHistogram& h, const NumberedBucket& b, JsonWriter& json) {
  double upper = -Bound(b.index - 1, h);
  if (upper < 0 && upper > -h.zero_threshold) upper = -h.zero_threshold;
  WriteBucket(1, -Bound(b.index, h), upper, b.count, json);
}

void WritePositive(const model::FloatHistogram& h, const NumberedBucket& b, JsonWriter& json) {
  const double upper = Bound(b.index, h);
  double lower = Bound(b.index - 1, h);
  if (h.uses_custom_buckets()) {
    WriteBucket(b.index == 0 ? 3 : 0, lower, upper, b.count, json);
    return;
  }
  if (lower > 0 && lower < h.zero_threshold) lower = h.zero_threshold;
  WriteBucket(0, lower, upper, b.count, json);
}

}  // namespace

void WriteHistogram(const model::FloatHistogram& histogram, JsonWriter& json) {
  auto negative = NonEmpty(histogram.negative_spans, histogram.negative_buckets);
  std::reverse(negative.begin(), negative.end());
  const auto positive = NonEmpty(histogram.positive_spans, histogram.positive_buckets);
  json.BeginObject();
  json.Key("count");
  json.SampleValue(histogram.count);
  json.Key("sum");
  json.SampleValue(histogram.sum);
  const bool has_zero = histogram.zero_count > 0;
  if (has_zero || !negative.empty() || !positive.empty()) {
    json.Key("buckets");
    json.BeginArray();
    for (const NumberedBucket& bucket : negative) WriteNegative(histogram, bucket, json);
    if (has_zero) {
      WriteBucket(3, -histogram.zero_threshold, histogram.zero_threshold, histogram.zero_count,
                  json);
    }
    for (const NumberedBucket& bucket : positive) WritePositive(histogram, bucket, json);
    json.EndArray();
  }
  json.EndObject();
}

}  // namespace tidegate::api
