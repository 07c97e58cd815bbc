#include "query/rules/histogram_notation.h"

#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/sample.h"
#include "query/histogram/arithmetic.h"
#include "query/histogram/counter_reset.h"

namespace tidegate::query {
namespace {

using model::CounterResetHint;
using model::FloatHistogram;
using promql::HistogramLiteral;

CounterResetHint ToHint(const std::optional<HistogramLiteral::CounterReset>& hint) {
  if (!hint.has_value()) return CounterResetHint::kUnknown;
  switch (*hint) {
    case HistogramLiteral::CounterReset::kReset:
      return CounterResetHint::kReset;
    case HistogramLiteral::CounterReset::kNotReset:
      return CounterResetHint::kNotReset;
    case HistogramLiteral::CounterReset::kGauge:
      return CounterResetHint::kGauge;
    case HistogramLiteral::CounterReset::kUnknown:
      break;
  }
  return CounterResetHint::kUnknown;
}

std::vector<model::HistogramSpan> ToSpans(int32_t offset, size_t length) {
  if (length == 0) return {};
  return {{offset, static_cast<uint32_t>(length)}};
}

FloatHistogram FromLiteral(const HistogramLiteral& literal) {
  FloatHistogram histogram;
  histogram.counter_reset_hint = ToHint(literal.counter_reset);
  histogram.schema = literal.schema;
  histogram.zero_threshold = literal.zero_threshold;
  histogram.zero_count = literal.zero_count;
  histogram.count = literal.count;
  histogram.sum = literal.sum;
  histogram.positive_spans = ToSpans(literal.offset, literal.buckets.size());
  histogram.negative_spans = ToSpans(literal.negative_offset, literal.negative_buckets.size());
  histogram.positive_buckets = literal.buckets;
  histogram.negative_buckets = literal.negative_buckets;
  histogram.custom_values = literal.custom_values;
  return histogram;
}

bool SameLayout(const FloatHistogram& a, const FloatHistogram& b) {
  return a.schema == b.schema && a.zero_threshold == b.zero_threshold &&
         a.custom_values == b.custom_values;
}

}  // namespace

FloatHistogram HistogramOf(const promql::SeriesValue& value) {
  FloatHistogram histogram = FromLiteral(*value.base);
  if (value.increment == nullptr) return histogram;
  const FloatHistogram increment = FromLiteral(*value.increment);
  for (uint64_t i = 0; i < value.times; ++i) {
    if (value.subtract) {
      SubtractFrom(increment, &histogram);
    } else {
      AddTo(increment, &histogram);
    }
  }
  return histogram;
}

void HistogramHints::SawFloat(double value) {
  // A stale marker ends the run of histograms, but the next one is a reset.
  after_stale_ = previous_.has_value() && model::IsStaleNan(value);
  if (!after_stale_) previous_.reset();
}

void HistogramHints::Assign(FloatHistogram* histogram) {
  const CounterResetHint given = histogram->counter_reset_hint;
  FloatHistogram plain = *histogram;
  plain.counter_reset_hint = CounterResetHint::kUnknown;
  if (given != CounterResetHint::kGauge) histogram->counter_reset_hint = Decide(given, plain);
  previous_ = plain;
  previous_gauge_ = given == CounterResetHint::kGauge;
  after_stale_ = false;
}

CounterResetHint HistogramHints::Decide(CounterResetHint given,
                                        const FloatHistogram& current) const {
  const bool new_chunk = given == CounterResetHint::kReset || after_stale_ ||
                         !previous_.has_value() || previous_gauge_ ||
                         !SameLayout(*previous_, current) || IsCounterReset(*previous_, current);
  return new_chunk ? CounterResetHint::kUnknown : CounterResetHint::kNotReset;
}

}  // namespace tidegate::query
