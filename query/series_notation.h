// Series as tests of rules write them.
#ifndef TIDEGATE_QUERY_SERIES_NOTATION_H_
#define TIDEGATE_QUERY_SERIES_NOTATION_H_

#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "model/labels.h"

namespace tidegate::query {

// One value per step: none where there is a gap, the stale marker's NaN where the series ends.
struct NotatedSeries {
  model::Labels labels;
  std::vector<std::optional<double>> values;
};

// `metric{label="value"}` and `1+2x3 _ stale`. InvalidArgument with Prometheus' text, and for
// histograms, which are not read here.
absl::StatusOr<NotatedSeries> ParseNotatedSeries(std::string_view series, std::string_view values);

// `metric{label="value"}` alone; `{}` is the empty set.
absl::StatusOr<model::Labels> ParseNotatedLabels(std::string_view series);

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_SERIES_NOTATION_H_
