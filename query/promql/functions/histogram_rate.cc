#include "query/promql/functions/histogram_rate.h"

#include <algorithm>

#include "query/histogram/arithmetic.h"
#include "query/histogram/counter_reset.h"
#include "query/promql/functions/start_time.h"

namespace tidegate::promql {
namespace {

using model::CounterResetHint;
using model::FloatHistogram;
using Samples = std::span<const HistogramAt>;

TimedStart StartOf(const HistogramAt& sample) { return {sample.start_timestamp, sample.timestamp}; }

bool Note(const query::Meeting& meeting, std::string_view operation, const AnnotationSite& site) {
  if (!meeting.compatible) {
    site.annotations->Warn(MixedSchemasText(site.metric), site.position);
    return false;
  }
  if (meeting.bounds_reconciled) {
    site.annotations->Inform(ReconciledBoundsText(operation), site.position);
  }
  return true;
}

bool IsGauge(const HistogramAt& sample) {
  return sample.histogram->counter_reset_hint == CounterResetHint::kGauge;
}

bool IsReset(const HistogramAt& previous, const HistogramAt& current) {
  return IsStartTimeReset(StartOf(previous), StartOf(current)) ||
         query::IsCounterReset(*previous.histogram, *current.histogram);
}

// Counters: adds what was there before each reset.
bool AddResets(Samples samples, const FloatHistogram& first, const AnnotationSite& site,
               FloatHistogram* increase) {
  const FloatHistogram* previous = &first;
  bool overlap = false;
  for (size_t i = 1; i < samples.size(); ++i) {
    const TimedStart before = StartOf(samples[i - 1]);
    const TimedStart now = StartOf(samples[i]);
    overlap = overlap || StartTimesOverlap(before, now);
    const FloatHistogram& current = *samples[i].histogram;
    if (IsStartTimeReset(before, now) || query::IsCounterReset(*previous, current)) {
      if (!AddNoting(*previous, site, increase)) return false;
    }
    previous = &current;
  }
  if (overlap) site.annotations->Warn(StartTimeOverlapText(site.metric), site.position);
  return true;
}

}  // namespace

bool AddNoting(const FloatHistogram& other, const AnnotationSite& site, FloatHistogram* histogram) {
  return Note(query::AddTo(other, histogram), "addition", site);
}

bool SubtractNoting(const FloatHistogram& other, const AnnotationSite& site,
                    FloatHistogram* histogram) {
  return Note(query::SubtractFrom(other, histogram), "subtraction", site);
}

std::optional<FloatHistogram> HistogramIncrease(Samples samples, bool counter,
                                                const AnnotationSite& site) {
  FloatHistogram first = *samples.front().histogram;
  if (counter && IsReset(samples[0], samples[1])) {
    // The first sample does not matter then, nor does its layout.
    const FloatHistogram& second = *samples[1].histogram;
    first = FloatHistogram();
    first.schema = second.schema;
    first.custom_values = second.custom_values;
  }
  const FloatHistogram& last = *samples.back().histogram;
  // Of what cannot be computed, only that is said; except that gauges at the ends are seen first.
  const bool gauge_at_end = IsGauge(samples.front()) || IsGauge(samples.back());
  if (last.uses_custom_buckets() != first.uses_custom_buckets()) {
    if (counter && gauge_at_end) site.annotations->Warn(NotCounterText(site.metric), site.position);
    site.annotations->Warn(MixedSchemasText(site.metric), site.position);
    return std::nullopt;
  }
  int32_t schema = std::min(first.schema, last.schema);
  if (counter) {
    for (const HistogramAt& sample : samples.subspan(1, samples.size() - 2)) {
      schema = std::min(schema, sample.histogram->schema);
      if (sample.histogram->uses_custom_buckets() == first.uses_custom_buckets()) continue;
      site.annotations->Warn(MixedSchemasText(site.metric), site.position);
      return std::nullopt;
    }
  }
  FloatHistogram increase = query::InSchema(last, schema);
  if (!SubtractNoting(first, site, &increase)) return std::nullopt;
  if (counter && !AddResets(samples, first, site, &increase)) return std::nullopt;
  if (counter && std::any_of(samples.begin(), samples.end(), IsGauge)) {
    site.annotations->Warn(NotCounterText(site.metric), site.position);
  }
  const bool gauges = IsGauge(samples.front()) && IsGauge(samples.back());
  if (!counter && !gauges) site.annotations->Warn(NotGaugeText(site.metric), site.position);
  increase.counter_reset_hint = CounterResetHint::kGauge;
  return increase;
}

}  // namespace tidegate::promql
