#include "tests/conformance/promql_scripts/loader.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "query/histogram/arithmetic.h"
#include "query/histogram/counter_reset.h"
#include "tests/conformance/promql_scripts/custom_buckets.h"

namespace tidegate::conformance {
namespace {

using model::CounterResetHint;
using model::FloatHistogram;
using promql::HistogramLiteral;
using promql::SeriesValue;

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

// Decides hints as a storage does that keeps runs of histograms in chunks: the first sample of a
// chunk could be anything, the others are no resets.
class HintAssigner {
 public:
  void SawFloat(double value) {
    // A stale marker ends the run of histograms, but the next one is a reset.
    after_stale_ = previous_.has_value() && model::IsStaleNan(value);
    if (!after_stale_) previous_.reset();
  }

  void Assign(FloatHistogram* histogram) {
    const CounterResetHint given = histogram->counter_reset_hint;
    FloatHistogram plain = *histogram;
    plain.counter_reset_hint = CounterResetHint::kUnknown;
    if (given != CounterResetHint::kGauge) histogram->counter_reset_hint = Decide(given, plain);
    previous_ = plain;
    previous_gauge_ = given == CounterResetHint::kGauge;
    after_stale_ = false;
  }

 private:
  CounterResetHint Decide(CounterResetHint given, const FloatHistogram& current) const {
    const bool new_chunk = given == CounterResetHint::kReset || after_stale_ ||
                           !previous_.has_value() || previous_gauge_ ||
                           !SameLayout(*previous_, current) ||
                           query::IsCounterReset(*previous_, current);
    return new_chunk ? CounterResetHint::kUnknown : CounterResetHint::kNotReset;
  }

  std::optional<FloatHistogram> previous_;
  bool previous_gauge_ = false;
  bool after_stale_ = false;
};

std::string KeyOf(const promql::SeriesDescription& series) {
  return std::string(ToLabels(series.labels).bytes());
}

using StartOffsets = std::vector<std::optional<int64_t>>;

void AddSeries(const promql::SeriesDescription& series, int64_t step_ms, const StartOffsets& starts,
               MemorySource* source) {
  const model::Labels labels = ToLabels(series.labels);
  HintAssigner hints;
  for (size_t i = 0; i < series.values.size(); ++i) {
    const SeriesValue& value = series.values[i];
    if (value.kind == SeriesValue::Kind::kGap) continue;
    LoadedSample sample;
    sample.timestamp = static_cast<int64_t>(i) * step_ms;
    if (i < starts.size() && starts[i].has_value()) {
      sample.start_timestamp = sample.timestamp + *starts[i];
    }
    if (value.kind == SeriesValue::Kind::kHistogram) {
      sample.histogram = ToHistogram(value);
      hints.Assign(&*sample.histogram);
    } else {
      sample.value = value.kind == SeriesValue::Kind::kStale ? model::StaleNan() : value.number;
      hints.SawFloat(sample.value);
    }
    source->Add(labels, std::move(sample));
  }
}

}  // namespace

model::Labels ToLabels(const std::vector<promql::LabelPair>& pairs) {
  model::LabelsBuilder builder;
  for (const auto& [name, value] : pairs) builder.Set(name, value);
  return builder.Build();
}

FloatHistogram ToHistogram(const SeriesValue& value) {
  FloatHistogram histogram = FromLiteral(*value.base);
  if (value.increment == nullptr) return histogram;
  const FloatHistogram increment = FromLiteral(*value.increment);
  for (uint64_t i = 0; i < value.times; ++i) {
    if (value.subtract) {
      query::SubtractFrom(increment, &histogram);
    } else {
      query::AddTo(increment, &histogram);
    }
  }
  return histogram;
}

absl::Status Load(const LoadCommand& command, MemorySource* source) {
  std::map<std::string, StartOffsets> starts;
  CustomBucketConverter converter(command.step_ms);
  // Of two lines with the same labels the last one counts.
  std::map<std::string, const promql::SeriesDescription*> last;
  for (const promql::SeriesDescription& series : command.series) {
    if (!series.is_start_timestamps) last[KeyOf(series)] = &series;
  }
  for (const promql::SeriesDescription& series : command.series) {
    const std::string key = KeyOf(series);
    if (series.is_start_timestamps) {
      starts[key] = series.start_offsets_ms;
      continue;
    }
    if (last[key] != &series) continue;
    AddSeries(series, command.step_ms, starts[key], source);
    if (command.with_custom_bucket_histograms) converter.Add(series);
  }
  for (auto& [labels, samples] : converter.Convert()) {
    HintAssigner hints;
    for (LoadedSample& sample : samples) {
      hints.Assign(&*sample.histogram);
      source->Add(labels, std::move(sample));
    }
  }
  return absl::OkStatus();
}

}  // namespace tidegate::conformance
