#include "tests/conformance/promql_scripts/loader.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "query/rules/histogram_notation.h"
#include "tests/conformance/promql_scripts/custom_buckets.h"

namespace tidegate::conformance {
namespace {

using promql::SeriesValue;

std::string KeyOf(const promql::SeriesDescription& series) {
  return std::string(ToLabels(series.labels).bytes());
}

using StartOffsets = std::vector<std::optional<int64_t>>;

void AddSeries(const promql::SeriesDescription& series, int64_t step_ms, const StartOffsets& starts,
               MemorySource* source) {
  const model::Labels labels = ToLabels(series.labels);
  query::HistogramHints hints;
  for (size_t i = 0; i < series.values.size(); ++i) {
    const SeriesValue& value = series.values[i];
    if (value.kind == SeriesValue::Kind::kGap) continue;
    LoadedSample sample;
    sample.timestamp = static_cast<int64_t>(i) * step_ms;
    if (i < starts.size() && starts[i].has_value()) {
      sample.start_timestamp = sample.timestamp + *starts[i];
    }
    if (value.kind == SeriesValue::Kind::kHistogram) {
      sample.histogram = query::HistogramOf(value);
      hints.Assign(&*sample.histogram);
    } else {
      sample.value = value.kind == SeriesValue::Kind::kStale ? model::StaleNan() : value.number;
      hints.SawFloat(sample.value);
    }
    source->Add(labels, std::move(sample));
  }
}

}  // namespace

model::Labels ToLabels(const std::vector<promql::LabelPair>& pairs) {
  model::LabelsBuilder builder;
  for (const auto& [name, value] : pairs) builder.Set(name, value);
  return builder.Build();
}

absl::Status Load(const LoadCommand& command, MemorySource* source) {
  std::map<std::string, StartOffsets> starts;
  CustomBucketConverter converter(command.step_ms);
  // Of two lines with the same labels the last one counts.
  std::map<std::string, const promql::SeriesDescription*> last;
  for (const promql::SeriesDescription& series : command.series) {
    if (!series.is_start_timestamps) last[KeyOf(series)] = &series;
  }
  for (const promql::SeriesDescription& series : command.series) {
    const std::string key = KeyOf(series);
    if (series.is_start_timestamps) {
      starts[key] = series.start_offsets_ms;
      continue;
    }
    if (last[key] != &series) continue;
    AddSeries(series, command.step_ms, starts[key], source);
    if (command.with_custom_bucket_histograms) converter.Add(series);
  }
  for (auto& [labels, samples] : converter.Convert()) {
    query::HistogramHints hints;
    for (LoadedSample& sample : samples) {
      hints.Assign(&*sample.histogram);
      source->Add(labels, std::move(sample));
    }
  }
  return absl::OkStatus();
}

}  // namespace tidegate::conformance
