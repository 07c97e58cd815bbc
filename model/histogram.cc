#include "model/histogram.h"

#include <algorithm>
#include <type_traits>

namespace tidegate::model {
namespace {

constexpr int32_t kMaxSchemaOnTheWire = 52;

std::vector<double> ToCounts(const std::vector<int64_t>& deltas) {
  std::vector<double> counts;
  counts.reserve(deltas.size());
  int64_t count = 0;
  for (const int64_t delta : deltas) {
    count += delta;
    counts.push_back(static_cast<double>(count));
  }
  return counts;
}

FloatHistogram ToFloat(const IntHistogram& histogram) {
  return FloatHistogram{
      .counter_reset_hint = histogram.counter_reset_hint,
      .schema = histogram.schema,
      .zero_threshold = histogram.zero_threshold,
      .zero_count = static_cast<double>(histogram.zero_count),
      .count = static_cast<double>(histogram.count),
      .sum = histogram.sum,
      .positive_spans = histogram.positive_spans,
      .negative_spans = histogram.negative_spans,
      .positive_buckets = ToCounts(histogram.positive_deltas),
      .negative_buckets = ToCounts(histogram.negative_deltas),
      .custom_values = histogram.custom_values,
  };
}

bool SameDoubles(const std::vector<double>& a, const std::vector<double>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](double x, double y) { return SameBits(x, y); });
}

template <typename H>
bool SameFrame(const H& a, const H& b) {
  return a.counter_reset_hint == b.counter_reset_hint && a.schema == b.schema &&
         SameBits(a.zero_threshold, b.zero_threshold) && SameBits(a.sum, b.sum) &&
         a.positive_spans == b.positive_spans && a.negative_spans == b.negative_spans &&
         SameDoubles(a.custom_values, b.custom_values);
}

bool SameHistogram(const IntHistogram& a, const IntHistogram& b) {
  return SameFrame(a, b) && a.zero_count == b.zero_count && a.count == b.count &&
         a.positive_deltas == b.positive_deltas && a.negative_deltas == b.negative_deltas;
}

bool SameHistogram(const FloatHistogram& a, const FloatHistogram& b) {
  return SameFrame(a, b) && SameBits(a.zero_count, b.zero_count) && SameBits(a.count, b.count) &&
         SameDoubles(a.positive_buckets, b.positive_buckets) &&
         SameDoubles(a.negative_buckets, b.negative_buckets);
}

// Merges buckets of `schema` into the wider ones of kMaxExponentialSchema. `absolute` holds counts.
template <typename Count>
void MergeBuckets(int32_t schema, std::vector<HistogramSpan>* spans, std::vector<Count>* absolute) {
  const int shift = schema - kMaxExponentialSchema;
  std::vector<HistogramSpan> merged_spans;
  std::vector<Count> merged;
  int64_t index = 0;       // Of the bucket at hand, in the old schema.
  int64_t next_index = 0;  // Just behind the last merged bucket, in the new schema.
  size_t bucket = 0;
  for (const HistogramSpan& span : *spans) {
    index += span.offset;
    for (uint32_t i = 0; i < span.length && bucket < absolute->size(); ++i, ++bucket, ++index) {
      const int64_t target = ((index - 1) >> shift) + 1;
      if (!merged.empty() && target == next_index - 1) {
        merged.back() += (*absolute)[bucket];
        continue;
      }
      const int64_t gap = target - next_index;
      if (merged_spans.empty() || gap != 0) {
        merged_spans.push_back({static_cast<int32_t>(gap), 0});
      }
      ++merged_spans.back().length;
      merged.push_back((*absolute)[bucket]);
      next_index = target + 1;
    }
  }
  *spans = std::move(merged_spans);
  *absolute = std::move(merged);
}

void MergeDeltas(int32_t schema, std::vector<HistogramSpan>* spans, std::vector<int64_t>* deltas) {
  for (size_t i = 1; i < deltas->size(); ++i) (*deltas)[i] += (*deltas)[i - 1];
  MergeBuckets(schema, spans, deltas);
  for (size_t i = deltas->size(); i > 1; --i) (*deltas)[i - 1] -= (*deltas)[i - 2];
}

}  // namespace

FloatHistogram ToFloat(const Histogram& histogram) {
  if (const auto* floats = std::get_if<FloatHistogram>(&histogram)) return *floats;
  return ToFloat(std::get<IntHistogram>(histogram));
}

CounterResetHint ResetHint(const Histogram& histogram) {
  return std::visit([](const auto& h) { return h.counter_reset_hint; }, histogram);
}

double HistogramSum(const Histogram& histogram) {
  return std::visit([](const auto& h) { return h.sum; }, histogram);
}

bool IsStale(const Histogram& histogram) { return IsStaleNan(HistogramSum(histogram)); }

bool SameBits(const Histogram& a, const Histogram& b) {
  if (a.index() != b.index()) return false;
  return std::visit(
      [&b](const auto& x) { return SameHistogram(x, std::get<std::decay_t<decltype(x)>>(b)); }, a);
}

void ReduceResolution(Histogram* histogram) {
  std::visit(
      [](auto& h) {
        if (h.schema <= kMaxExponentialSchema || h.schema > kMaxSchemaOnTheWire) return;
        if constexpr (std::is_same_v<std::decay_t<decltype(h)>, IntHistogram>) {
          MergeDeltas(h.schema, &h.positive_spans, &h.positive_deltas);
          MergeDeltas(h.schema, &h.negative_spans, &h.negative_deltas);
        } else {
          MergeBuckets(h.schema, &h.positive_spans, &h.positive_buckets);
          MergeBuckets(h.schema, &h.negative_spans, &h.negative_buckets);
        }
        h.schema = kMaxExponentialSchema;
      },
      *histogram);
}

}  // namespace tidegate::model
