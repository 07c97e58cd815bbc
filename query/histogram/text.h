// Native histograms as text, as count_values writes them.
#ifndef TIDEGATE_QUERY_HISTOGRAM_TEXT_H_
#define TIDEGATE_QUERY_HISTOGRAM_TEXT_H_

#include <string>

#include "model/histogram.h"

namespace tidegate::query {

// "{count:20, sum:10, [-2,-1):2, [-0.001,0.001]:2, (0.5,1]:1}"; empty buckets are left out.
std::string ToText(const model::FloatHistogram& histogram);

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_HISTOGRAM_TEXT_H_
