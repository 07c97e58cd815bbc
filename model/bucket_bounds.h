// Where the buckets of native histograms begin and end.
//
// Exponential buckets: bucket `index` of schema s covers (2^((index-1)*2^-s), 2^(index*2^-s)], the
// negative ones mirror that. Custom buckets: bucket i ends at custom value i, the last one at +Inf.
#ifndef TIDEGATE_MODEL_BUCKET_BOUNDS_H_
#define TIDEGATE_MODEL_BUCKET_BOUNDS_H_

#include <cstdint>
#include <vector>

#include "model/histogram.h"

namespace tidegate::model {

// The upper bound of an exponential bucket, in absolute terms. `schema` is -4..8. The bucket of the
// largest finite values ends at the largest double, the one behind it at +Inf.
double ExponentialBound(int32_t index, int32_t schema);

// The upper bound of a custom bucket; -Inf before the first one (index -1).
double CustomBound(int32_t index, const std::vector<double>& bounds);

// The number that bucket `index` of schema `from` has in the coarser schema `to` (to <= from).
int32_t IndexInSchema(int32_t index, int32_t from, int32_t to);

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_BUCKET_BOUNDS_H_
