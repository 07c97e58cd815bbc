#include "query/vector/grouping.h"

#include <algorithm>
#include <utility>

#include "absl/strings/string_view.h"

namespace tidegate::query {

LabelSelection::LabelSelection(std::vector<std::string> names, bool only)
    : names_(std::move(names)), only_(only) {
  if (!only_) names_.emplace_back(model::kMetricNameLabel);
  std::sort(names_.begin(), names_.end());
  names_.erase(std::unique(names_.begin(), names_.end()), names_.end());
}

LabelSelection LabelSelection::Only(std::vector<std::string> names) {
  return LabelSelection(std::move(names), true);
}

LabelSelection LabelSelection::AllBut(std::vector<std::string> names) {
  return LabelSelection(std::move(names), false);
}

void LabelSelection::AppendChosen(model::LabelsView labels, std::string* out) const {
  if (only_ && names_.empty()) return;
  // Both lists are sorted: one walk.
  auto name = names_.begin();
  for (const model::Label& label : labels) {
    while (name != names_.end() && *name < label.name) ++name;
    const bool named = name != names_.end() && *name == label.name;
    if (named == only_) model::AppendLabelBytes(label.name, label.value, out);
  }
}

model::Labels LabelSelection::Chosen(model::LabelsView labels) const {
  std::string bytes;
  AppendChosen(labels, &bytes);
  return model::Labels::FromCanonical(std::move(bytes));
}

uint32_t GroupNumbers::NumberOf(model::LabelsView labels) {
  scratch_.clear();
  selection_.AppendChosen(labels, &scratch_);
  const auto it = numbers_.find(absl::string_view(scratch_));
  if (it != numbers_.end()) return it->second;
  const auto number = static_cast<uint32_t>(numbers_.size());
  numbers_.emplace(scratch_, number);
  return number;
}

Groups GroupSeries(const StepVector& vector, const LabelSelection& selection, Pacer* pacer) {
  PacedLoop loop(pacer);
  Groups groups;
  groups.of_series.reserve(vector.size());
  GroupNumbers numbers(selection);
  for (const StepSeries& series : vector) {
    const uint32_t number = numbers.NumberOf(series.labels);
    if (number == groups.labels.size()) groups.labels.push_back(selection.Chosen(series.labels));
    groups.of_series.push_back(number);
    loop.Did(0);
  }
  return groups;
}

}  // namespace tidegate::query
