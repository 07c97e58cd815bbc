// Estimates from native histograms: quantiles and fractions.
//
// Within a bucket, observations are taken to be spread exponentially (standard schemas) or evenly
// (custom buckets, the zero bucket).
#ifndef TIDEGATE_QUERY_HISTOGRAM_QUANTILE_H_
#define TIDEGATE_QUERY_HISTOGRAM_QUANTILE_H_

#include "model/histogram.h"

namespace tidegate::query {

// What NaN observations, which are counted but are in no bucket, did to an estimate.
enum class NanEffect { kNone, kResultIsNan, kSkewed };

struct Estimate {
  double value = 0;
  NanEffect nan = NanEffect::kNone;
};

// The q-quantile; -Inf for q < 0, +Inf for q > 1, NaN for NaN and for an empty histogram.
Estimate HistogramQuantile(double q, const model::FloatHistogram& histogram);

// The share of observations between two bounds; NaN for a NaN bound and for an empty histogram. NaN
// observations count as being in no range (kSkewed then).
Estimate HistogramFraction(double lower, double upper, const model::FloatHistogram& histogram);

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_HISTOGRAM_QUANTILE_H_
