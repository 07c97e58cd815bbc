// What an expression yields: for every series one value per step of the grid, column by column.
#ifndef TIDEGATE_QUERY_VECTOR_STEP_SERIES_H_
#define TIDEGATE_QUERY_VECTOR_STEP_SERIES_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "model/histogram.h"
#include "model/labels.h"
#include "query/vector/pacer.h"
#include "query/vector/step_grid.h"

namespace tidegate::query {

// What a series has at one step.
enum class SampleKind : uint8_t { kNone = 0, kFloat = 1, kHistogram = 2 };

// Histograms are shared, never changed in place.
using HistogramPtr = std::shared_ptr<const model::FloatHistogram>;

// One series over a grid. `kinds` and `values` have one entry per step; a value counts only where
// its kind is kFloat, so that loops may run over whole columns. `histograms` is empty while no step
// has one.
//
// Owned by one thread.
struct StepSeries {
  model::Labels labels;
  // The metric name (and __type__, __unit__) leaves the labels when the query ends. Until then
  // label_replace and aggregations may still use it (Prometheus' delayed name removal).
  bool drop_name = false;
  std::vector<SampleKind> kinds;
  std::vector<double> values;
  std::vector<HistogramPtr> histograms;

  StepSeries() = default;
  StepSeries(model::Labels l, size_t steps)
      : labels(std::move(l)), kinds(steps, SampleKind::kNone), values(steps) {}

  size_t steps() const { return kinds.size(); }
  bool has(size_t i) const { return kinds[i] != SampleKind::kNone; }
  void SetFloat(size_t i, double value) {
    values[i] = value;
    kinds[i] = SampleKind::kFloat;
  }
  void SetHistogram(size_t i, HistogramPtr histogram);
  // Takes the sample of `other` at step i.
  void CopyStep(const StepSeries& other, size_t i);
  void ClearStep(size_t i) { kinds[i] = SampleKind::kNone; }

  // No sample at any step.
  bool empty() const;
  // A float at every step.
  bool dense_floats() const;
  size_t CountSamples() const;
  // Memory that the series holds; histograms that others hold too are not counted.
  size_t bytes() const;
};

// An instant vector at every step. The order of series is the order of an instant query's answer.
using StepVector = std::vector<StepSeries>;
// A scalar at every step.
using ScalarColumn = std::vector<double>;

// Removes series without any sample, keeping the order.
void DropEmptySeries(StepVector* vector);

// Joins series with equal labels into the first of them; whether the name leaves is decided by the
// one with the earliest sample. FailedPrecondition with Prometheus' text
// when two of them have a sample at the same step.
absl::Status MergeEqualLabels(StepVector* vector, Pacer* pacer = nullptr);

// Repeats the single step of a one-step vector over `steps` steps.
void Broadcast(size_t steps, StepVector* vector);

// The labels without __name__, __type__ and __unit__.
model::Labels WithoutMetadata(model::LabelsView labels);

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_VECTOR_STEP_SERIES_H_
