#include "query/promql/functions/interpolate.h"

#include "query/histogram/arithmetic.h"
#include "query/histogram/counter_reset.h"

namespace tidegate::promql {

std::optional<model::FloatHistogram> Interpolate(const HistogramAt& a, const HistogramAt& b,
                                                 model::TimestampMs time, bool counter,
                                                 const AnnotationSite& site) {
  if (time == a.timestamp) return *a.histogram;
  model::FloatHistogram result = *b.histogram;
  if (time == b.timestamp) return result;
  const double fraction =
      static_cast<double>(time - a.timestamp) / static_cast<double>(b.timestamp - a.timestamp);
  if (counter && query::IsCounterReset(*a.histogram, *b.histogram)) {
    query::Multiply(fraction, &result);
    return result;
  }
  if (!SubtractNoting(*a.histogram, site, &result)) return std::nullopt;
  query::Multiply(fraction, &result);
  if (!AddNoting(*a.histogram, site, &result)) return std::nullopt;
  return result;
}

}  // namespace tidegate::promql
