#include "query/logql/metric/sample_loader.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "model/matcher.h"
#include "query/logql/lines/wanted_fields.h"
#include "query/logql/pipeline/entry_labels.h"
#include "query/logql/pipeline/label_condition.h"
#include "query/logql/pipeline/pipeline.h"
#include "query/logql/syntax/literals.h"

namespace tidegate::logql {
namespace {

constexpr uint64_t kSeriesBytes = 256;
constexpr std::string_view kExtractionError = "SampleExtractionErr";

absl::Status PipelineError(const EntryLabels& labels) {
  const std::string error(labels.Get(kErrorLabel));
  return absl::InvalidArgumentError(fmt::format(
      "pipeline error: '{0}' for series: '{1}'.\nUse a label filter to intentionally skip this "
      "error. (e.g | __error__!=\"{0}\").\nTo skip all potential errors you can match empty "
      "errors.(e.g __error__=\"\")\nThe label filter can also be specified after unwrap. (e.g | "
      "unwrap latency | __error__=\"\" )\n",
      error, model::ToString(labels.All())));
}

std::optional<double> Converted(UnwrapConversion conversion, std::string_view text) {
  if (conversion == UnwrapConversion::kBytes) {
    const auto bytes = ParseByteSize(text);
    return bytes.has_value() ? std::optional(static_cast<double>(*bytes)) : std::nullopt;
  }
  if (conversion == UnwrapConversion::kDuration) {
    const auto ns = ParseGoDuration(text);
    return ns.has_value() ? std::optional(static_cast<double>(*ns) / 1e9) : std::nullopt;
  }
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

// Takes batches for one aggregation. Lives for one selection.
class SampleSink final : public storage::Sink<storage::LogBatch> {
 public:
  SampleSink(const RangeAggregation& aggregation, Pipeline* pipeline, query::Budget* budget,
             query::LogQueryStats* stats)
      : aggregation_(aggregation), pipeline_(*pipeline), budget_(*budget), stats_(*stats) {}

  absl::Status Prepare() {
    if (!aggregation_.range.unwrap.has_value()) return absl::OkStatus();
    for (const LabelFilterPtr& filter : aggregation_.range.unwrap->filters) {
      absl::StatusOr<std::unique_ptr<const LabelCondition>> one = CompileLabelFilter(*filter);
      if (!one.ok()) return one.status();
      filters_.push_back(*std::move(one));
    }
    return absl::OkStatus();
  }

  absl::Status Add(storage::LogBatch batch) override {
    stats_.lines_processed += batch.lines_scanned;
    stats_.bytes_processed += batch.bytes_scanned;
    labels_.SetStream(*batch.stream);
    const model::Labels none;
    if (batch.metadata.empty()) labels_.SetMetadata(none);
    size_t* series = nullptr;  // Of unchanged labels, while the metadata stays the same.
    uint32_t metadata = 0;
    size_t known = 0;
    for (size_t i = 0; i < batch.timestamps.size(); ++i) {
      const uint32_t set = batch.metadata.empty() ? 0 : batch.metadata[i];
      if (i == 0 || set != metadata) {
        if (!batch.metadata.empty()) labels_.SetMetadata(batch.metadata_sets[set]);
        metadata = set;
        series = nullptr;
      }
      labels_.Begin();
      StageEntry entry{batch.timestamps[i],
                       batch.lines.empty() ? std::string_view() : batch.lines[i], &labels_};
      if (!pipeline_.Run(&entry)) continue;
      std::optional<double> value = Value(entry);
      if (!value.has_value()) continue;
      if (labels_.has_error()) return PipelineError(labels_);
      ++stats_.lines_after_filter;
      if (series == nullptr || labels_.changed()) {
        absl::StatusOr<size_t> found = SeriesOf();
        if (!found.ok()) return found.status();
        known = *found;
        series = labels_.changed() ? nullptr : &known;
      }
      if (absl::Status status = Take(known, {entry.timestamp, *value}); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  std::vector<SampleSeries> TakeSeries() {
    for (SampleSeries& one : series_) {
      std::stable_sort(
          one.samples.begin(), one.samples.end(),
          [](const RangeSample& a, const RangeSample& b) { return a.timestamp < b.timestamp; });
    }
    return std::move(series_);
  }

 private:
  // Nothing when the entry gives no sample.
  std::optional<double> Value(const StageEntry& entry) {
    if (!aggregation_.range.unwrap.has_value()) {
      const bool bytes =
          aggregation_.op == RangeOp::kBytes || aggregation_.op == RangeOp::kBytesRate;
      return bytes ? static_cast<double>(entry.line.size()) : 1;
    }
    const Unwrap& unwrap = *aggregation_.range.unwrap;
    const std::string text(labels_.Get(unwrap.label));
    if (text.empty()) return std::nullopt;
    const std::optional<double> value = Converted(unwrap.conversion, text);
    if (!value.has_value()) {
      labels_.SetError(kExtractionError, fmt::format("cannot unwrap \"{}\"", text));
    }
    for (const auto& filter : filters_) {
      if (!filter->Holds(&labels_)) return std::nullopt;
    }
    labels_.Erase(unwrap.label);  // Its value is the sample now.
    return value.value_or(0);
  }

  absl::StatusOr<size_t> SeriesOf() {
    model::Labels labels = labels_.All();
    if (aggregation_.grouping.has_value()) {
      model::LabelsBuilder builder(labels);
      labels = aggregation_.grouping->without ? builder.Drop(aggregation_.grouping->labels).Build()
                                              : builder.Keep(aggregation_.grouping->labels).Build();
    }
    const auto [known, added] = index_.emplace(labels, series_.size());
    if (added) {
      absl::Status status = budget_.AddLoaded(0);
      if (status.ok()) status = budget_.Hold(kSeriesBytes + 2 * labels.bytes().size());
      if (!status.ok()) return status;
      series_.push_back({std::move(labels), {}});
    }
    return known->second;
  }

  absl::Status Take(size_t series, const RangeSample& sample) {
    series_[series].samples.push_back(sample);
    // A vector that grows holds up to twice its content.
    return budget_.Hold(2 * sizeof(RangeSample));
  }

  const RangeAggregation& aggregation_;
  Pipeline& pipeline_;
  query::Budget& budget_;
  query::LogQueryStats& stats_;
  std::vector<std::unique_ptr<const LabelCondition>> filters_;
  EntryLabels labels_;
  absl::flat_hash_map<model::Labels, size_t> index_;
  std::vector<SampleSeries> series_;
};

// Counting alone does not look at lines.
storage::LineColumn ColumnOf(const RangeAggregation& aggregation, const Pipeline& pipeline) {
  const bool counts = aggregation.op == RangeOp::kCount || aggregation.op == RangeOp::kRate ||
                      aggregation.op == RangeOp::kAbsent;
  const bool unwraps = aggregation.range.unwrap.has_value();
  return counts && !unwraps && pipeline.empty() ? storage::LineColumn::kNone
                                                : storage::LineColumn::kLines;
}

}  // namespace

absl::StatusOr<std::vector<SampleSeries>> LoadSamples(const model::RequestContext& context,
                                                      const RangeAggregation& aggregation,
                                                      const MetricGrid& grid,
                                                      storage::LogSource& source,
                                                      query::Budget& budget,
                                                      query::LogQueryStats* stats) {
  const LogRange& range = aggregation.range;
  const WantedFields everything;
  absl::StatusOr<Pipeline> pipeline = Pipeline::Compile(range.log.stages, &everything);
  if (!pipeline.ok()) return pipeline.status();
  auto matchers = model::CompileMatchers(range.log.matchers);
  if (!matchers.ok()) return matchers.status();
  storage::LogSelection selection;
  selection.matchers = *std::move(matchers);
  // Half open, where windows are open below and closed above.
  selection.range = {grid.begin - range.offset_ns - range.range_ns + 1,
                     grid.end - range.offset_ns + 1};
  selection.tests = pipeline->line_tests();
  selection.lines = ColumnOf(aggregation, *pipeline);
  SampleSink sink(aggregation, &*pipeline, &budget, stats);
  absl::Status status = sink.Prepare();
  if (status.ok()) status = source.SelectLogs(context, selection, sink);
  if (!status.ok()) return status;
  return sink.TakeSeries();
}

}  // namespace tidegate::logql
