// Differences of native histograms over a window.
#ifndef TIDEGATE_QUERY_PROMQL_FUNCTIONS_HISTOGRAM_RATE_H_
#define TIDEGATE_QUERY_PROMQL_FUNCTIONS_HISTOGRAM_RATE_H_

#include <optional>
#include <span>
#include <string_view>

#include "model/histogram.h"
#include "query/promql/syntax/ast.h"
#include "query/promql/value/annotations.h"
#include "query/promql/value/range_series.h"

namespace tidegate::promql {

// Where annotations about a series go.
struct AnnotationSite {
  std::string_view metric;
  PositionRange position;
  Annotations* annotations;
};

// Adds or subtracts and notes what had to be reconciled. False when the two do not mix.
bool AddNoting(const model::FloatHistogram& other, const AnnotationSite& site,
               model::FloatHistogram* histogram);
bool SubtractNoting(const model::FloatHistogram& other, const AnnotationSite& site,
                    model::FloatHistogram* histogram);

// Last minus first, with counter resets added back for counters. At least two samples. Nothing when
// exponential and custom buckets are mixed, which is noted.
std::optional<model::FloatHistogram> HistogramIncrease(std::span<const HistogramAt> samples,
                                                       bool counter, const AnnotationSite& site);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_FUNCTIONS_HISTOGRAM_RATE_H_
