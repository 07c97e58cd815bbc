#include "query/logql/metric/sample_loader.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "model/matcher.h"
#include "query/logql/metric/sample_extractor.h"
#include "query/logql/pipeline/entry_labels.h"

namespace tidegate::logql {
namespace {

constexpr uint64_t kSeriesBytes = 256;

absl::Status PipelineError(const EntryLabels& labels) {
  const std::string error(labels.Get(kErrorLabel));
  return absl::InvalidArgumentError(fmt::format(
      "pipeline error: '{0}' for series: '{1}'.\nUse a label filter to intentionally skip this "
      "error. (e.g | __error__!=\"{0}\").\nTo skip all potential errors you can match empty "
      "errors.(e.g __error__=\"\")\nThe label filter can also be specified after unwrap. (e.g | "
      "unwrap latency | __error__=\"\" )\n",
      error, model::ToString(labels.All())));
}

// Takes batches for one aggregation. Lives for one selection.
class SampleSink final : public storage::Sink<storage::LogBatch> {
 public:
  SampleSink(SampleExtractor* extractor, query::Budget* budget, query::LogQueryStats* stats)
      : extractor_(*extractor), budget_(*budget), stats_(*stats) {}

  absl::Status Add(storage::LogBatch batch) override {
    stats_.lines_processed += batch.lines_scanned;
    stats_.bytes_processed += batch.bytes_scanned;
    labels_.SetStream(*batch.stream);
    const model::Labels none;
    if (batch.metadata.empty()) labels_.SetMetadata(none);
    size_t unchanged = kNoSeries;  // The series of entries whose labels no stage changes.
    uint32_t metadata = 0;
    for (size_t i = 0; i < batch.timestamps.size(); ++i) {
      const uint32_t set = batch.metadata.empty() ? 0 : batch.metadata[i];
      if (i == 0 || set != metadata) {
        if (!batch.metadata.empty()) labels_.SetMetadata(batch.metadata_sets[set]);
        metadata = set;
        unchanged = kNoSeries;
      }
      labels_.Begin();
      if (absl::Status status = AddEntry(batch, i, &unchanged); !status.ok()) return status;
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
  static constexpr size_t kNoSeries = ~size_t{0};

  absl::Status AddEntry(const storage::LogBatch& batch, size_t i, size_t* unchanged) {
    StageEntry entry{batch.timestamps[i], batch.lines.empty() ? std::string_view() : batch.lines[i],
                     &labels_};
    std::optional<double> value = extractor_.Extract(&entry);
    if (!value.has_value()) return absl::OkStatus();
    if (labels_.has_error() && !labels_.preserves_error()) return PipelineError(labels_);
    if (extractor_.reads_sizes()) value = batch.line_sizes[i];
    ++stats_.lines_after_filter;
    if (*unchanged != kNoSeries && !labels_.changed()) {
      return Take(*unchanged, {entry.timestamp, *value});
    }
    const absl::StatusOr<size_t> series = SeriesOf();
    if (!series.ok()) return series.status();
    if (!labels_.changed()) *unchanged = *series;
    return Take(*series, {entry.timestamp, *value});
  }

  absl::StatusOr<size_t> SeriesOf() {
    model::Labels labels = extractor_.LabelsOf(labels_);
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

  SampleExtractor& extractor_;
  query::Budget& budget_;
  query::LogQueryStats& stats_;
  EntryLabels labels_;
  absl::flat_hash_map<model::Labels, size_t> index_;
  std::vector<SampleSeries> series_;
};

storage::LineColumn ColumnOf(const SampleExtractor& extractor) {
  if (extractor.ignores_lines()) return storage::LineColumn::kNone;
  return extractor.reads_sizes() ? storage::LineColumn::kSizes : storage::LineColumn::kLines;
}

}  // namespace

absl::StatusOr<std::vector<SampleSeries>> LoadSamples(
    const model::RequestContext& context, const RangeAggregation& aggregation,
    const std::optional<Grouping>& grouping, const MetricGrid& grid, storage::LogSource& source,
    query::Budget& budget, query::LogQueryStats* stats) {
  const LogRange& range = aggregation.range;
  absl::StatusOr<SampleExtractor> extractor = SampleExtractor::Compile(aggregation, grouping);
  if (!extractor.ok()) return extractor.status();
  auto matchers = model::CompileMatchers(range.log.matchers);
  if (!matchers.ok()) return matchers.status();
  storage::LogSelection selection;
  selection.matchers = *std::move(matchers);
  // Half open, where windows are open below and closed above.
  selection.range = {grid.begin - range.offset_ns - range.range_ns + 1,
                     grid.end - range.offset_ns + 1};
  selection.tests = extractor->pipeline().line_tests();
  selection.lines = ColumnOf(*extractor);
  SampleSink sink(&*extractor, &budget, stats);
  if (absl::Status status = source.SelectLogs(context, selection, sink); !status.ok()) {
    return status;
  }
  return sink.TakeSeries();
}

}  // namespace tidegate::logql
