// Numbers for groups of series: label work is done once per series, steps only see the numbers.
#ifndef TIDEGATE_QUERY_VECTOR_GROUPING_H_
#define TIDEGATE_QUERY_VECTOR_GROUPING_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "model/labels.h"
#include "query/vector/pacer.h"
#include "query/vector/step_series.h"

namespace tidegate::query {

// Chooses labels by name: only the named ones, or all but the named ones and __name__.
class LabelSelection {
 public:
  static LabelSelection Only(std::vector<std::string> names);
  static LabelSelection AllBut(std::vector<std::string> names);

  // Appends the canonical bytes of the chosen labels of a series.
  void AppendChosen(model::LabelsView labels, std::string* out) const;
  model::Labels Chosen(model::LabelsView labels) const;

 private:
  LabelSelection(std::vector<std::string> names, bool only);

  std::vector<std::string> names_;  // Sorted, unique.
  bool only_ = true;
};

// Hands out dense numbers to distinct chosen label sets, in order of first appearance.
class GroupNumbers {
 public:
  explicit GroupNumbers(LabelSelection selection) : selection_(std::move(selection)) {}

  uint32_t NumberOf(model::LabelsView labels);
  size_t size() const { return numbers_.size(); }
  const LabelSelection& selection() const { return selection_; }

 private:
  LabelSelection selection_;
  std::string scratch_;
  absl::flat_hash_map<std::string, uint32_t> numbers_;
};

// Series by group: series[i] belongs to group of_series[i]; `labels` holds the chosen labels of
// each group.
struct Groups {
  std::vector<uint32_t> of_series;
  std::vector<model::Labels> labels;
};

Groups GroupSeries(const StepVector& vector, const LabelSelection& selection,
                   Pacer* pacer = nullptr);

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_VECTOR_GROUPING_H_
