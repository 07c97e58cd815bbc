#include "query/promql/functions/histogram_over_time.h"

#include <memory>
#include <utility>

namespace tidegate::promql {
namespace {

using model::CounterResetHint;
using model::FloatHistogram;

// Feeds all samples but the first to `add`; false when one does not mix with the others.
template <typename Add>
bool Accumulate(std::span<const HistogramAt> samples, const AnnotationSite& site, Add add) {
  AggregationNotes notes;
  notes.Saw(samples.front().histogram->counter_reset_hint);
  for (const HistogramAt& sample : samples.subspan(1)) {
    notes.Saw(sample.histogram->counter_reset_hint);
    const query::Meeting meeting = add(*sample.histogram);
    if (!meeting.compatible) {
      site.annotations->Warn(MixedSchemasText(site.metric), site.position);
      return false;
    }
    notes.Met(meeting);
  }
  notes.Report(site);
  return true;
}

}  // namespace

void AggregationNotes::Saw(CounterResetHint hint) {
  reset_ |= hint == CounterResetHint::kReset;
  not_reset_ |= hint == CounterResetHint::kNotReset;
}

void AggregationNotes::Report(const AnnotationSite& site) const {
  if (reset_ && not_reset_) {
    site.annotations->Warn(CounterResetCollisionText("aggregation"), site.position);
  }
  if (reconciled_) site.annotations->Inform(ReconciledBoundsText("aggregation"), site.position);
}

query::Meeting HistogramMean::Add(const FloatHistogram& histogram) {
  ++count_;
  if (!incremental_) {
    query::HistogramSum<query::KahanSum> next = sum_;
    const query::Meeting meeting = next.Add(histogram);
    if (!meeting.compatible) return meeting;
    if (!next.HasOverflow()) {
      sum_ = std::move(next);
      return meeting;
    }
    incremental_ = true;
    sum_.Divide(count_ - 1);
  }
  sum_.Scale((count_ - 1) / count_);
  query::HistogramSum<query::PlainSum> share(histogram);
  share.Divide(count_);
  return sum_.Add(share.Result());
}

FloatHistogram HistogramMean::Mean() const {
  if (incremental_) return sum_.Result();
  query::HistogramSum<query::KahanSum> mean = sum_;
  mean.Divide(count_);
  return mean.Result();
}

query::HistogramPtr SumHistograms(std::span<const HistogramAt> samples,
                                  const AnnotationSite& site) {
  query::HistogramSum<query::KahanSum> sum(*samples.front().histogram);
  if (!Accumulate(samples, site, [&](const FloatHistogram& h) { return sum.Add(h); })) {
    return nullptr;
  }
  return std::make_shared<const FloatHistogram>(sum.Result());
}

query::HistogramPtr AverageHistograms(std::span<const HistogramAt> samples,
                                      const AnnotationSite& site) {
  HistogramMean mean(*samples.front().histogram);
  if (!Accumulate(samples, site, [&](const FloatHistogram& h) { return mean.Add(h); })) {
    return nullptr;
  }
  return std::make_shared<const FloatHistogram>(mean.Mean());
}

}  // namespace tidegate::promql
