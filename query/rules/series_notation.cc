#include "query/series_notation.h"

#include <fmt/format.h>

#include <string>

#include "model/sample.h"
#include "query/promql/syntax/series/series_description.h"

namespace tidegate::query {

absl::StatusOr<NotatedSeries> ParseNotatedSeries(std::string_view series, std::string_view values) {
  using Kind = promql::SeriesValue::Kind;
  auto parsed = promql::ParseSeriesDescription(fmt::format("{} {}", series, values));
  if (!parsed.ok()) return parsed.status();
  NotatedSeries result;
  result.labels = model::Labels(std::move(parsed->labels));
  for (const promql::SeriesValue& value : parsed->values) {
    switch (value.kind) {
      case Kind::kGap:
        result.values.push_back(std::nullopt);
        break;
      case Kind::kFloat:
        result.values.push_back(value.number);
        break;
      case Kind::kStale:
        result.values.push_back(model::StaleNan());
        break;
      case Kind::kHistogram:
        return absl::InvalidArgumentError("histograms are not read here");
    }
  }
  return result;
}

absl::StatusOr<model::Labels> ParseNotatedLabels(std::string_view series) {
  auto labels = promql::ParseSeriesLabels(series);
  if (!labels.ok()) return labels.status();
  return model::Labels(*std::move(labels));
}

}  // namespace tidegate::query
