#include "ingest/admit/logs/stream_checks.h"

#include <algorithm>

#include "fmt/format.h"
#include "model/quote.h"

namespace tidegate::ingest {
namespace {

constexpr std::string_view kUnknownService = "unknown_service";

const model::Label* Find(const std::vector<model::Label>& labels, std::string_view name) {
  for (const model::Label& label : labels) {
    if (label.name == name) return &label;
  }
  return nullptr;
}

bool Exceeds(size_t size, uint32_t limit) { return limit != 0 && size > limit; }

std::string MissingLabels(const std::vector<std::string>& enforced,
                          const std::vector<model::Label>& labels) {
  std::string missing;
  for (const std::string& name : enforced) {
    if (Find(labels, name) != nullptr) continue;
    if (!missing.empty()) missing += ",";
    missing += name;
  }
  return missing;
}

}  // namespace

void AddServiceName(const model::LogLimits& limits, std::vector<model::Label>* labels) {
  if (limits.discover_service_name.empty() || Find(*labels, kServiceName) != nullptr) return;
  std::string_view service = kUnknownService;
  for (const std::string& name : limits.discover_service_name) {
    if (const model::Label* label = Find(*labels, name); label != nullptr) {
      service = label->value;
      break;
    }
  }
  const auto after = std::find_if(labels->begin(), labels->end(), [](const model::Label& label) {
    return label.name > kServiceName;
  });
  labels->insert(after, {kServiceName, service});
}

std::string StreamText(const std::vector<model::Label>& labels) {
  std::string text = "{";
  for (const model::Label& label : labels) {
    if (text.size() > 1) text += ", ";
    text.append(label.name);
    text += "=";
    model::AppendQuoted(label.value, &text);
  }
  return text + "}";
}

StreamProblem CheckStreamLabels(const std::string& tenant, const model::LogLimits& limits,
                                const std::vector<model::Label>& labels) {
  const size_t named = labels.size() - (Find(labels, kServiceName) != nullptr ? 1 : 0);
  if (Exceeds(named, limits.max_label_names_per_series)) {
    return {RejectReason::kMaxLabelNames,
            fmt::format("entry for stream '{}' has {} label names; limit {}", StreamText(labels),
                        named, limits.max_label_names_per_series)};
  }
  std::string_view last;
  for (const model::Label& label : labels) {
    if (Exceeds(label.name.size(), limits.max_label_name_length)) {
      return {
          RejectReason::kLabelNameTooLong,
          fmt::format("stream '{}' has label name too long: '{}'", StreamText(labels), label.name)};
    }
    if (Exceeds(label.value.size(), limits.max_label_value_length)) {
      return {RejectReason::kLabelValueTooLong,
              fmt::format("stream '{}' has label value too long: '{}'", StreamText(labels),
                          label.value)};
    }
    if (label.name == last) {
      return {RejectReason::kDuplicateLabelNames,
              fmt::format("stream '{}' has duplicate label name: '{}'", StreamText(labels),
                          label.name)};
    }
    last = label.name;
  }
  if (const std::string missing = MissingLabels(limits.enforced_labels, labels); !missing.empty()) {
    return {RejectReason::kMissingEnforcedLabels,
            fmt::format("missing required labels '{}' for user '{}' for stream '{}' (policy: '')",
                        missing, tenant, StreamText(labels))};
  }
  return {};
}

}  // namespace tidegate::ingest
