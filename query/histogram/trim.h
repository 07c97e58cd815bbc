// The trim operators: `histogram </ x` and `histogram >/ x`.
#ifndef TIDEGATE_QUERY_HISTOGRAM_TRIM_H_
#define TIDEGATE_QUERY_HISTOGRAM_TRIM_H_

#include "model/histogram.h"

namespace tidegate::query {

enum class TrimSide {
  kAbove,  // `</`: observations above the point go.
  kBelow,  // `>/`: observations below the point go.
};

// Removes the observations on one side of `point`; in the bucket that contains the point they are
// interpolated. Count and sum follow by estimate; the result is compact.
model::FloatHistogram Trim(const model::FloatHistogram& histogram, double point, TrimSide side);

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_HISTOGRAM_TRIM_H_
