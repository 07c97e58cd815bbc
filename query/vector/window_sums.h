// Compensated sums over many windows of one column.
#ifndef TIDEGATE_QUERY_VECTOR_WINDOW_SUMS_H_
#define TIDEGATE_QUERY_VECTOR_WINDOW_SUMS_H_

#include <cstdint>
#include <span>
#include <vector>

#include "query/vector/kahan.h"

namespace tidegate::query {

// For every i the sum of values[begin[i], end[i]), exactly as KahanSum adds them one after the
// other. Windows are independent chains of additions: several are added in step. The result for an
// empty window is 0. Where a sum is not finite, its compensation means nothing.
void SumWindows(std::span<const double> values, std::span<const uint32_t> begin,
                std::span<const uint32_t> end, std::vector<KahanSum>* sums);

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_VECTOR_WINDOW_SUMS_H_
