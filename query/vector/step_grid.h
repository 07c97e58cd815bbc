// The points in time at which a query is evaluated.
#ifndef TIDEGATE_QUERY_VECTOR_STEP_GRID_H_
#define TIDEGATE_QUERY_VECTOR_STEP_GRID_H_

#include <cstddef>
#include <cstdint>

#include "model/sample.h"

namespace tidegate::query {

// start, start + step, ... up to and including `end` when the step hits it. Milliseconds. An
// instant query has one step: start == end. A grid with end < start has no step.
struct StepGrid {
  model::TimestampMs start = 0;
  model::TimestampMs end = 0;
  int64_t step = 1;  // > 0.

  static StepGrid Instant(model::TimestampMs at) { return StepGrid{.start = at, .end = at}; }

  size_t size() const { return end < start ? 0 : static_cast<size_t>((end - start) / step) + 1; }
  model::TimestampMs at(size_t i) const { return start + static_cast<int64_t>(i) * step; }
  // Prometheus treats every evaluation over a single point as an instant query.
  bool is_instant() const { return start == end; }
  friend bool operator==(const StepGrid&, const StepGrid&) = default;
};

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_VECTOR_STEP_GRID_H_
