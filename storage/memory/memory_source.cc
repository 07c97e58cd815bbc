#include "storage/memory_source.h"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

namespace tidegate::storage {
namespace {

using model::LabelsView;

bool MatchesAll(LabelsView labels, const std::vector<model::CompiledMatcher>& matchers) {
  return std::all_of(matchers.begin(), matchers.end(), [&](const model::CompiledMatcher& matcher) {
    return matcher.Matches(labels.Get(matcher.name()));
  });
}

bool MatchesAny(LabelsView labels, const LabelQuery& query) {
  return query.selections.empty() ||
         std::any_of(query.selections.begin(), query.selections.end(),
                     [&](const auto& matchers) { return MatchesAll(labels, matchers); });
}

// Columns of the samples in range.
template <typename Samples>
SelectedSeries ToSelected(const std::string& label_bytes, const Samples& samples,
                          const model::TimeRange& range) {
  SelectedSeries selected;
  selected.labels = model::Labels::FromCanonical(label_bytes);
  auto times = std::make_shared<std::vector<model::TimestampMs>>();
  bool any_start = false;
  for (auto it = samples.lower_bound(range.min); it != samples.end() && it->first <= range.max;
       ++it) {
    const LoadedSample& sample = it->second;
    if (sample.histogram.has_value()) {
      selected.columns.histograms.push_back(
          {sample.timestamp, sample.start_timestamp, *sample.histogram});
      continue;
    }
    times->push_back(sample.timestamp);
    selected.columns.values.push_back(sample.value);
    selected.columns.start_timestamps.push_back(sample.start_timestamp);
    any_start = any_start || sample.start_timestamp != 0;
  }
  if (!any_start) selected.columns.start_timestamps.clear();
  selected.columns.timestamps = std::move(times);
  return selected;
}

template <typename Samples>
bool HasSampleIn(const Samples& samples, const model::TimeRange& range) {
  const auto it = samples.lower_bound(range.min);
  return it != samples.end() && it->first <= range.max;
}

std::vector<std::string> ToVector(std::set<std::string> set, size_t limit) {
  std::vector<std::string> result(set.begin(), set.end());
  if (limit != 0 && result.size() > limit) result.resize(limit);
  return result;
}

}  // namespace

void MemorySource::Add(const model::Labels& labels, LoadedSample sample) {
  series_[std::string(labels.bytes())].try_emplace(sample.timestamp, std::move(sample));
}

absl::Status MemorySource::Select(const model::RequestContext&, const Selection& selection,
                                  Sink<SelectedSeries>& sink) {
  for (const auto& [bytes, samples] : series_) {
    if (!MatchesAll(LabelsView(bytes), selection.matchers)) continue;
    SelectedSeries selected = ToSelected(bytes, samples, selection.range);
    if (selected.columns.values.empty() && selected.columns.histograms.empty()) continue;
    absl::Status status = sink.Add(std::move(selected));
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status MemorySource::SelectExemplars(const model::RequestContext&, const Selection&,
                                           Sink<SelectedExemplars>&) {
  return absl::OkStatus();
}

absl::StatusOr<std::vector<model::Labels>> MemorySource::Series(const model::RequestContext&,
                                                                const LabelQuery& query) {
  std::vector<model::Labels> result;
  for (const auto& [bytes, samples] : series_) {
    if (query.limit != 0 && result.size() == query.limit) break;
    if (MatchesAny(LabelsView(bytes), query) && HasSampleIn(samples, query.range)) {
      result.push_back(model::Labels::FromCanonical(bytes));
    }
  }
  return result;
}

absl::StatusOr<std::vector<std::string>> MemorySource::LabelNames(
    const model::RequestContext& context, const LabelQuery& query) {
  std::set<std::string> names;
  LabelQuery all = query;
  all.limit = 0;
  absl::StatusOr<std::vector<model::Labels>> series = Series(context, all);
  if (!series.ok()) return series.status();
  for (const model::Labels& labels : *series) {
    for (const model::Label& label : labels) names.emplace(label.name);
  }
  return ToVector(std::move(names), query.limit);
}

absl::StatusOr<std::vector<std::string>> MemorySource::LabelValues(
    const model::RequestContext& context, const std::string& label_name, const LabelQuery& query) {
  std::set<std::string> values;
  LabelQuery all = query;
  all.limit = 0;
  absl::StatusOr<std::vector<model::Labels>> series = Series(context, all);
  if (!series.ok()) return series.status();
  for (const model::Labels& labels : *series) {
    if (labels.Has(label_name)) values.emplace(labels.Get(label_name));
  }
  return ToVector(std::move(values), query.limit);
}

}  // namespace tidegate::storage
