// How many series there are, by metric, label and value.
#ifndef TIDEGATE_API_PROMETHEUS_CARDINALITY_H_
#define TIDEGATE_API_PROMETHEUS_CARDINALITY_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/labels.h"

namespace tidegate::api {

struct NamedCount {
  std::string name;
  uint64_t count = 0;
  friend bool operator==(const NamedCount&, const NamedCount&) = default;
};

// Lists are the largest first, equal ones by name, at most `top` of each.
struct Cardinality {
  uint64_t series = 0;
  uint64_t label_pairs = 0;  // Distinct.
  uint64_t label_names = 0;
  std::vector<NamedCount> series_by_metric;       // By the value of __name__.
  std::vector<NamedCount> values_by_label;        // Distinct values of each label.
  std::vector<NamedCount> value_bytes_by_label;   // Bytes of the distinct values.
  std::vector<NamedCount> series_by_pair;         // "name=value".
  std::vector<NamedCount> series_by_focus_value;  // Of the focus label; empty without one.
};

Cardinality CountCardinality(const std::vector<model::Labels>& series, size_t top,
                             std::string_view focus_label);

// How many of the series have each value of a label; the largest first, equal ones by value.
std::vector<NamedCount> CountValues(const std::vector<model::Labels>& series,
                                    std::string_view label);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_PROMETHEUS_CARDINALITY_H_
