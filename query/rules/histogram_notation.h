// Native histograms as test scripts and tests of rules write them.
#ifndef TIDEGATE_QUERY_RULES_HISTOGRAM_NOTATION_H_
#define TIDEGATE_QUERY_RULES_HISTOGRAM_NOTATION_H_

#include <optional>

#include "model/histogram.h"
#include "query/promql/syntax/series/series_description.h"

namespace tidegate::query {

// The histogram that a value of kind kHistogram stands for.
model::FloatHistogram HistogramOf(const promql::SeriesValue& value);

// Decides hints as a storage does that keeps runs of histograms in chunks: the first sample of a
// chunk could be anything, the others are no resets; gauges stay gauges. Is told all samples of one
// series in order.
class HistogramHints {
 public:
  void SawFloat(double value);
  void Assign(model::FloatHistogram* histogram);

 private:
  model::CounterResetHint Decide(model::CounterResetHint given,
                                 const model::FloatHistogram& current) const;

  std::optional<model::FloatHistogram> previous_;
  bool previous_gauge_ = false;
  bool after_stale_ = false;
};

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_RULES_HISTOGRAM_NOTATION_H_
