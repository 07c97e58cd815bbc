#include "tests/conformance/loki_vectors/scenario_source.h"

#include <algorithm>
#include <utility>

#include "storage/logs/line_filter.h"
#include "tests/conformance/loki_vectors/vector_values.h"

namespace tidegate::conformance {

namespace json = boost::json;

ScenarioSource::ScenarioSource(const json::array& streams) {
  for (const json::value& stream : streams) {
    Stream& one = streams_.emplace_back();
    one.labels = std::make_shared<model::Labels>(LabelsOf(stream.at("labels")));
    for (const json::value& entry : stream.at("entries").as_array()) {
      const json::array& parts = entry.as_array();
      one.entries.push_back({std::stoll(Text(parts.at(0))), Text(parts.at(1)),
                             parts.size() > 2 ? LabelsOf(parts[2]) : model::Labels()});
    }
    std::stable_sort(one.entries.begin(), one.entries.end(),
                     [](const Entry& a, const Entry& b) { return a.time < b.time; });
  }
}

absl::Status ScenarioSource::SelectLogs(const model::RequestContext&,
                                        const storage::LogSelection& selection,
                                        storage::Sink<storage::LogBatch>& sink) {
  const auto filter = storage::LineFilter::Compile(selection.tests);
  if (!filter.ok()) return filter.status();
  for (const Stream& stream : streams_) {
    const bool matches = std::all_of(
        selection.matchers.begin(), selection.matchers.end(),
        [&stream](const auto& one) { return one.Matches(stream.labels->Get(one.name())); });
    if (!matches) continue;
    storage::LogBatch batch;
    batch.stream = stream.labels;
    std::vector<const Entry*> entries;
    for (const Entry& entry : stream.entries) {
      const bool inside = entry.time >= selection.range.begin && entry.time < selection.range.end;
      if (inside && filter->Holds(entry.line)) entries.push_back(&entry);
    }
    if (selection.order == storage::LogOrder::kBackward) {
      std::reverse(entries.begin(), entries.end());
    }
    for (const Entry* entry : entries) {
      batch.timestamps.push_back(entry->time);
      batch.line_sizes.push_back(static_cast<uint32_t>(entry->line.size()));
      if (selection.lines == storage::LineColumn::kLines) batch.lines.emplace_back(entry->line);
      batch.metadata.push_back(static_cast<uint32_t>(batch.metadata_sets.size()));
      batch.metadata_sets.push_back(entry->metadata);
    }
    if (absl::Status status = sink.Add(std::move(batch)); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<storage::StreamVolume>> ScenarioSource::StreamVolumes(
    const model::RequestContext&, const storage::StreamQuery&) {
  return absl::UnimplementedError("no scenario asks for volumes");
}

absl::StatusOr<std::vector<std::string>> ScenarioSource::StreamLabelNames(
    const model::RequestContext&, const storage::StreamQuery&) {
  return absl::UnimplementedError("no scenario asks for labels");
}

absl::StatusOr<std::vector<std::string>> ScenarioSource::StreamLabelValues(
    const model::RequestContext&, const std::string&, const storage::StreamQuery&) {
  return absl::UnimplementedError("no scenario asks for labels");
}

}  // namespace tidegate::conformance
