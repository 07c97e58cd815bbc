// Did a counter start over between two native histograms?
#ifndef TIDEGATE_QUERY_HISTOGRAM_COUNTER_RESET_H_
#define TIDEGATE_QUERY_HISTOGRAM_COUNTER_RESET_H_

#include "model/histogram.h"

namespace tidegate::query {

// True when `current` cannot have grown out of `previous`: its hint says so, or a count or a bucket
// went down, or the layout changed in a way that only a restart explains. Sums are not looked at.
bool IsCounterReset(const model::FloatHistogram& previous, const model::FloatHistogram& current);

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_HISTOGRAM_COUNTER_RESET_H_
