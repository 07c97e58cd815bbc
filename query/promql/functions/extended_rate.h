// rate, increase and delta of anchored and smoothed selectors.
#ifndef TIDEGATE_QUERY_PROMQL_FUNCTIONS_EXTENDED_RATE_H_
#define TIDEGATE_QUERY_PROMQL_FUNCTIONS_EXTENDED_RATE_H_

#include <memory>

#include "query/promql/functions/function.h"

namespace tidegate::promql {

// What rate, increase and delta differ in.
struct RateKind {
  bool counter;  // Resets are added back, results do not go below zero.
  bool per_second;
};

// Anchored: the last sample at or before the start of the window stands at its start. Smoothed: the
// values at both borders are interpolated linearly. Nothing is extrapolated.
std::unique_ptr<RangeFunction> MakeExtendedRate(const RangeCall& call, RateKind kind);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_FUNCTIONS_EXTENDED_RATE_H_
