#include "query/vector/step_series.h"

#include <algorithm>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace tidegate::query {
namespace {

bool IsMetadataLabel(std::string_view name) {
  return name == model::kMetricNameLabel || name == "__type__" || name == "__unit__";
}

size_t FirstStep(const StepSeries& series) {
  size_t step = 0;
  while (step < series.steps() && !series.has(step)) ++step;
  return step;
}

absl::Status JoinInto(StepSeries* target, const StepSeries& other) {
  if (FirstStep(other) < FirstStep(*target)) target->drop_name = other.drop_name;
  for (size_t i = 0; i < other.steps(); ++i) {
    if (!other.has(i)) continue;
    if (target->has(i)) {
      return absl::FailedPreconditionError("vector cannot contain metrics with the same labelset");
    }
    target->CopyStep(other, i);
  }
  return absl::OkStatus();
}

size_t BytesOf(const model::FloatHistogram& histogram) {
  return sizeof(histogram) +
         sizeof(model::HistogramSpan) *
             (histogram.positive_spans.size() + histogram.negative_spans.size()) +
         sizeof(double) * (histogram.positive_buckets.size() + histogram.negative_buckets.size() +
                           histogram.custom_values.size());
}

}  // namespace

void StepSeries::SetHistogram(size_t i, HistogramPtr histogram) {
  if (histograms.empty()) histograms.resize(steps());
  histograms[i] = std::move(histogram);
  kinds[i] = SampleKind::kHistogram;
}

void StepSeries::CopyStep(const StepSeries& other, size_t i) {
  switch (other.kinds[i]) {
    case SampleKind::kNone:
      ClearStep(i);
      break;
    case SampleKind::kFloat:
      SetFloat(i, other.values[i]);
      break;
    case SampleKind::kHistogram:
      SetHistogram(i, other.histograms[i]);
      break;
  }
}

bool StepSeries::empty() const {
  return std::all_of(kinds.begin(), kinds.end(),
                     [](SampleKind kind) { return kind == SampleKind::kNone; });
}

bool StepSeries::dense_floats() const {
  return std::all_of(kinds.begin(), kinds.end(),
                     [](SampleKind kind) { return kind == SampleKind::kFloat; });
}

size_t StepSeries::CountSamples() const {
  return kinds.size() -
         static_cast<size_t>(std::count(kinds.begin(), kinds.end(), SampleKind::kNone));
}

size_t StepSeries::bytes() const {
  size_t histogram_bytes = 0;
  for (const HistogramPtr& histogram : histograms) {
    if (histogram.use_count() == 1) histogram_bytes += BytesOf(*histogram);
  }
  return histogram_bytes + sizeof(*this) + labels.bytes().size() +
         kinds.size() * sizeof(SampleKind) + values.size() * sizeof(double) +
         histograms.size() * sizeof(HistogramPtr);
}

void DropEmptySeries(StepVector* vector) {
  std::erase_if(*vector, [](const StepSeries& series) { return series.empty(); });
}

absl::Status MergeEqualLabels(StepVector* vector, Pacer* pacer) {
  PacedLoop loop(pacer);
  absl::flat_hash_map<absl::string_view, size_t> first;
  first.reserve(vector->size());
  std::vector<bool> merged(vector->size());
  bool any = false;
  for (size_t i = 0; i < vector->size(); ++i) {
    loop.Did(0);
    const std::string_view key = (*vector)[i].labels.bytes();
    const auto [it, inserted] = first.try_emplace(absl::string_view(key.data(), key.size()), i);
    if (inserted) continue;
    absl::Status status = JoinInto(&(*vector)[it->second], (*vector)[i]);
    if (!status.ok()) return status;
    merged[i] = true;
    any = true;
  }
  if (!any) return absl::OkStatus();
  StepVector kept;
  kept.reserve(vector->size());
  for (size_t i = 0; i < vector->size(); ++i) {
    if (!merged[i]) kept.push_back(std::move((*vector)[i]));
  }
  *vector = std::move(kept);
  return absl::OkStatus();
}

void Broadcast(size_t steps, StepVector* vector) {
  for (StepSeries& series : *vector) {
    series.kinds.resize(steps, series.kinds[0]);
    series.values.resize(steps, series.values[0]);
    if (!series.histograms.empty()) series.histograms.resize(steps, series.histograms[0]);
  }
}

model::Labels WithoutMetadata(model::LabelsView labels) {
  std::string bytes;
  bytes.reserve(labels.bytes().size());
  for (const model::Label& label : labels) {
    if (!IsMetadataLabel(label.name)) model::AppendLabelBytes(label.name, label.value, &bytes);
  }
  return model::Labels::FromCanonical(std::move(bytes));
}

}  // namespace tidegate::query
