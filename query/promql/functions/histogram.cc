#include "query/promql/functions/histogram.h"

#include <cmath>

#include "query/histogram/buckets.h"
#include "query/vector/kahan.h"

namespace tidegate::promql {
namespace {

using model::FloatHistogram;

template <typename Map>
Value MapHistograms(InstantCall& call, Map map) {
  StepVector vector = call.TakeVector(0);
  for (StepSeries& series : vector) {
    for (size_t i = 0; i < series.steps(); ++i) {
      if (series.kinds[i] == SampleKind::kHistogram) {
        series.SetFloat(i, map(*series.histograms[i]));
      } else {
        series.ClearStep(i);
      }
    }
    series.histograms.clear();
    series.drop_name = true;
  }
  query::DropEmptySeries(&vector);
  return vector;
}

// Where the observations of a bucket are taken to be.
double Center(const query::Bucket& bucket, bool custom) {
  if (custom) return (bucket.upper + bucket.lower) / 2.0;
  if (bucket.lower <= 0 && bucket.upper >= 0) return 0;
  const double center = std::sqrt(bucket.upper * bucket.lower);
  return bucket.upper < 0 ? -center : center;
}

double VarianceOf(const FloatHistogram& histogram) {
  const double mean = histogram.sum / histogram.count;
  query::KahanSum variance;
  for (const query::Bucket& bucket : query::AscendingBuckets(histogram)) {
    if (bucket.count == 0) continue;
    const double delta = Center(bucket, histogram.uses_custom_buckets()) - mean;
    variance.Add(bucket.count * delta * delta);
  }
  return variance.Total() / histogram.count;
}

}  // namespace

absl::StatusOr<Value> HistogramCount(InstantCall& call) {
  return MapHistograms(call, [](const FloatHistogram& h) { return h.count; });
}

absl::StatusOr<Value> HistogramSumOf(InstantCall& call) {
  return MapHistograms(call, [](const FloatHistogram& h) { return h.sum; });
}

absl::StatusOr<Value> HistogramAvg(InstantCall& call) {
  return MapHistograms(call, [](const FloatHistogram& h) { return h.sum / h.count; });
}

absl::StatusOr<Value> HistogramStddev(InstantCall& call) {
  return MapHistograms(call, [](const FloatHistogram& h) { return std::sqrt(VarianceOf(h)); });
}

absl::StatusOr<Value> HistogramStdvar(InstantCall& call) { return MapHistograms(call, VarianceOf); }

}  // namespace tidegate::promql
