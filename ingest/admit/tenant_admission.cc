#include "ingest/admit/tenant_admission.h"

#include <string>
#include <vector>

#include "fmt/format.h"
#include "ingest/admit/label_text.h"

namespace tidegate::ingest {
namespace {

// Long enough to recognise a name or value that is too long.
constexpr size_t kShownBytes = 64;

std::string_view Shown(std::string_view text) {
  if (text.size() <= kShownBytes) return text;
  size_t end = kShownBytes;
  while (end > 0 && (static_cast<uint8_t>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

absl::Status InvalidLabels(std::string_view label_bytes) {
  const std::vector<model::Label> labels = LabelsAsSent(label_bytes);
  for (size_t i = 1; i < labels.size(); ++i) {
    if (labels[i].name == labels[i - 1].name && !labels[i].name.empty()) {
      return absl::InvalidArgumentError(
          fmt::format("invalid labels for series, labels {}, duplicated label {}",
                      LabelText(label_bytes), labels[i].name));
    }
  }
  return absl::InvalidArgumentError(
      fmt::format("invalid metric name or labels, got {}", LabelText(label_bytes)));
}

bool Exceeds(size_t size, uint32_t limit) { return limit != 0 && size > limit; }

}  // namespace

absl::StatusOr<model::Labels> TenantAdmission::Admit(std::string_view label_bytes) const {
  absl::StatusOr<model::Labels> labels = model::CanonicalLabels(label_bytes);
  if (!labels.ok()) return InvalidLabels(label_bytes);
  if (labels->metric_name().empty()) return InvalidLabels(label_bytes);
  if (absl::Status status = CheckLimits(*labels); !status.ok()) return status;
  return labels;
}

absl::Status TenantAdmission::CheckLimits(const model::Labels& labels) const {
  const size_t count = limits_.max_labels_per_series == 0 ? 0 : labels.size();
  if (Exceeds(count, limits_.max_labels_per_series)) {
    return absl::OutOfRangeError(fmt::format("the series has {} labels, the limit is {}: {}", count,
                                             limits_.max_labels_per_series,
                                             model::ToString(labels)));
  }
  for (const model::Label& label : labels) {
    if (Exceeds(label.name.size(), limits_.max_label_name_bytes)) {
      return absl::OutOfRangeError(
          fmt::format("the label name {} has {} bytes, the limit is {}: {}", Shown(label.name),
                      label.name.size(), limits_.max_label_name_bytes, model::ToString(labels)));
    }
    if (Exceeds(label.value.size(), limits_.max_label_value_bytes)) {
      return absl::OutOfRangeError(
          fmt::format("the value of label {} has {} bytes, the limit is {}: {}", Shown(label.name),
                      label.value.size(), limits_.max_label_value_bytes, model::ToString(labels)));
    }
  }
  return absl::OkStatus();
}

absl::Status TenantAdmission::AdmitSeriesCount(uint64_t active) const {
  if (limits_.max_series == 0 || active < limits_.max_series) return absl::OkStatus();
  return absl::ResourceExhaustedError(fmt::format(
      "the tenant has {} series with recent samples, the limit is {}", active, limits_.max_series));
}

std::string TenantAdmission::MetricIsFull() const {
  return fmt::format("per-metric series limit of {} exceeded (max_series_per_metric)",
                     limits_.max_series_per_metric);
}

}  // namespace tidegate::ingest
