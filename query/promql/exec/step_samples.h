// How many samples each step of a query looked at, as Prometheus counts them.
#ifndef TIDEGATE_QUERY_PROMQL_EXEC_STEP_SAMPLES_H_
#define TIDEGATE_QUERY_PROMQL_EXEC_STEP_SAMPLES_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/histogram.h"
#include "query/promql/value/range_series.h"
#include "query/vector/step_series.h"

namespace tidegate::promql {

// A histogram counts as many samples as it has the size of.
uint64_t SamplesIn(const model::FloatHistogram& histogram);

// Over the whole grid of a query. `total` counts a sample at every step that looks at it, `read`
// counts it once in each range vector: at the first step whose window holds it. What subqueries
// look at inside does not count, but their points do. Owned by the query.
class StepSamples {
 public:
  explicit StepSamples(size_t steps) : total_(steps), read_(steps) {}

  // An instant vector's series.
  void Add(const query::StepSeries& series);
  // The floats that windows hold.
  void Add(const WindowIndex& floats);
  // The histograms that windows hold.
  void Add(const WindowIndex& windows, std::span<const HistogramAt> histograms);
  // What one step looked at counts for every step.
  void AddToAll(const StepSamples& once);

  const std::vector<uint64_t>& total() const { return total_; }
  const std::vector<uint64_t>& read() const { return read_; }

 private:
  std::vector<uint64_t> total_;
  std::vector<uint64_t> read_;
};

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_EXEC_STEP_SAMPLES_H_
