// Sums and means of native histograms.
#ifndef TIDEGATE_QUERY_PROMQL_FUNCTIONS_HISTOGRAM_OVER_TIME_H_
#define TIDEGATE_QUERY_PROMQL_FUNCTIONS_HISTOGRAM_OVER_TIME_H_

#include <optional>
#include <span>

#include "model/histogram.h"
#include "query/histogram/histogram_sum.h"
#include "query/promql/functions/histogram_rate.h"
#include "query/promql/value/range_series.h"

namespace tidegate::promql {

// Notes what adding histograms up had to do: conflicting counter resets, reconciled bounds.
class AggregationNotes {
 public:
  void Saw(model::CounterResetHint hint);
  void Met(const query::Meeting& meeting) { reconciled_ |= meeting.bounds_reconciled; }
  void Report(const AnnotationSite& site) const;

 private:
  bool reset_ = false;
  bool not_reset_ = false;
  bool reconciled_ = false;
};

// A mean of histograms: a compensated sum divided by the count, updated incrementally once the sum
// would overflow. Owned by one thread.
class HistogramMean {
 public:
  explicit HistogramMean(const model::FloatHistogram& first) : sum_(first) {}
  query::Meeting Add(const model::FloatHistogram& histogram);
  model::FloatHistogram Mean() const;

 private:
  query::HistogramSum<query::KahanSum> sum_;
  double count_ = 1;
  bool incremental_ = false;
};

// At least one sample. nullptr when exponential and custom buckets are mixed; all is noted.
query::HistogramPtr SumHistograms(std::span<const HistogramAt> samples, const AnnotationSite& site);
query::HistogramPtr AverageHistograms(std::span<const HistogramAt> samples,
                                      const AnnotationSite& site);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_FUNCTIONS_HISTOGRAM_OVER_TIME_H_
