#include "api/prometheus/cardinality.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"

namespace tidegate::api {
namespace {

// Views into the label sets, which outlive the counting.
using Counts = absl::flat_hash_map<absl::string_view, uint64_t>;

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

// The largest `top`, in order.
std::vector<NamedCount> Largest(std::vector<NamedCount> all, size_t top) {
  const auto before = [](const NamedCount& a, const NamedCount& b) {
    return a.count != b.count ? a.count > b.count : a.name < b.name;
  };
  const size_t kept = std::min(top, all.size());
  std::partial_sort(all.begin(), all.begin() + static_cast<ptrdiff_t>(kept), all.end(), before);
  all.resize(kept);
  return all;
}

std::vector<NamedCount> ToList(const Counts& counts) {
  std::vector<NamedCount> list;
  list.reserve(counts.size());
  for (const auto& [name, count] : counts) list.push_back({std::string(name), count});
  return list;
}

}  // namespace

Cardinality CountCardinality(const std::vector<model::Labels>& series, size_t top,
                             std::string_view focus_label) {
  absl::flat_hash_map<absl::string_view, Counts> values;  // By label, then by value.
  for (const model::Labels& labels : series) {
    for (const model::Label& label : labels) ++values[View(label.name)][View(label.value)];
  }
  Cardinality result;
  result.series = series.size();
  result.label_names = values.size();
  std::vector<NamedCount> values_by_label, bytes_by_label, pairs;
  for (const auto& [name, counts] : values) {
    uint64_t bytes = 0;
    for (const auto& [value, count] : counts) {
      bytes += value.size();
      pairs.push_back({std::string(name) + "=" + std::string(value), count});
    }
    result.label_pairs += counts.size();
    values_by_label.push_back({std::string(name), counts.size()});
    bytes_by_label.push_back({std::string(name), bytes});
  }
  result.series_by_metric = Largest(ToList(values[View(model::kMetricNameLabel)]), top);
  result.values_by_label = Largest(std::move(values_by_label), top);
  result.value_bytes_by_label = Largest(std::move(bytes_by_label), top);
  result.series_by_pair = Largest(std::move(pairs), top);
  if (!focus_label.empty()) {
    result.series_by_focus_value = Largest(ToList(values[View(focus_label)]), top);
  }
  return result;
}

std::vector<NamedCount> CountValues(const std::vector<model::Labels>& series,
                                    std::string_view label) {
  Counts counts;
  for (const model::Labels& labels : series) {
    if (labels.Has(label)) ++counts[View(labels.Get(label))];
  }
  const size_t all = counts.size();
  return Largest(ToList(counts), all);
}

}  // namespace tidegate::api
