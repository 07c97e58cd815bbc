// Series as tests of rules write them.
#ifndef TIDEGATE_QUERY_SERIES_NOTATION_H_
#define TIDEGATE_QUERY_SERIES_NOTATION_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "model/histogram.h"
#include "model/labels.h"

namespace tidegate::query {

struct NotatedValue {
  double number = 0;  // The stale marker's NaN where the series ends.
  std::shared_ptr<const model::FloatHistogram> histogram;  // Null: `number`.
};

// One value per step, none where there is a gap.
struct NotatedSeries {
  model::Labels labels;
  std::vector<std::optional<NotatedValue>> values;
};

// `metric{label="value"}` and `1+2x3 _ stale {{count:1}}x2`. InvalidArgument with Prometheus' text.
// Histograms have the counter reset hints that Prometheus' storage gives them.
absl::StatusOr<NotatedSeries> ParseNotatedSeries(std::string_view series, std::string_view values);

// `metric{label="value"}` alone; `{}` is the empty set.
absl::StatusOr<model::Labels> ParseNotatedLabels(std::string_view series);

// One histogram, as it is written: `{{schema:1 count:3 buckets:[1 2]}}`.
absl::StatusOr<model::FloatHistogram> ParseNotatedHistogram(std::string_view histogram);

// A histogram in that notation, buckets in one span, without fields that are 0 (Prometheus'
// FloatHistogram.TestExpression).
std::string NotationOf(const model::FloatHistogram& histogram);

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_SERIES_NOTATION_H_
