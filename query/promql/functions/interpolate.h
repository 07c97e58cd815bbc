// Values between two samples.
#ifndef TIDEGATE_QUERY_PROMQL_FUNCTIONS_INTERPOLATE_H_
#define TIDEGATE_QUERY_PROMQL_FUNCTIONS_INTERPOLATE_H_

#include <optional>

#include "model/histogram.h"
#include "model/sample.h"
#include "query/promql/functions/histogram_rate.h"
#include "query/promql/value/range_series.h"

namespace tidegate::promql {

struct FloatAt {
  model::TimestampMs timestamp = 0;
  double value = 0;
};

// On the straight line from a to b. A counter that fell in between started over from zero at a.
inline double Interpolate(const FloatAt& a, const FloatAt& b, model::TimestampMs time,
                          bool counter) {
  const double from = counter && b.value < a.value ? 0 : a.value;
  return from + (b.value - from) * static_cast<double>(time - a.timestamp) /
                    static_cast<double>(b.timestamp - a.timestamp);
}

// The same for histograms. Nothing when the two do not mix, which is noted.
std::optional<model::FloatHistogram> Interpolate(const HistogramAt& a, const HistogramAt& b,
                                                 model::TimestampMs time, bool counter,
                                                 const AnnotationSite& site);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_FUNCTIONS_INTERPOLATE_H_
