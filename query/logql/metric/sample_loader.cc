#include "query/logql/metric/sample_loader.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
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
  SampleSink(const LogRange& range, const MetricGrid& grid, SampleExtractor* extractor,
             query::Budget* budget, query::LogQueryStats* stats)
      : range_(range), grid_(grid), extractor_(*extractor), budget_(*budget), stats_(*stats) {}

  absl::Status Add(storage::LogBatch batch) override {
    stats_.lines_processed += batch.lines_scanned;
    stats_.bytes_processed += batch.bytes_scanned;
    labels_.SetStream(*batch.stream);
    metadata_ = kNoMetadata;
    // The series of entries whose labels no stage changes, by their metadata.
    unchanged_.assign(std::max<size_t>(batch.metadata_sets.size(), 1), kNoSeries);
    absl::Status status;
    for (size_t i = 0; i < batch.timestamps.size() && status.ok(); ++i) {
      status = extractor_.pipeline().empty() && extractor_.counts() ? Count(batch, i)
                                                                    : AddEntry(batch, i);
    }
    if (!status.ok()) return status;
    // A batch is bounded, so it is soon enough to ask behind it.
    return budget_.Hold(std::exchange(held_, 0));
  }

  std::vector<SampleSeries> TakeSeries() {
    const auto earlier = [](const RangeSample& a, const RangeSample& b) {
      return a.timestamp < b.timestamp;
    };
    for (SampleSeries& one : series_) {
      if (std::is_sorted(one.samples.begin(), one.samples.end(), earlier)) continue;
      std::stable_sort(one.samples.begin(), one.samples.end(), earlier);
    }
    return std::move(series_);
  }

 private:
  static constexpr size_t kNoSeries = ~size_t{0};
  static constexpr size_t kNoMetadata = ~size_t{0};

  // Makes the labels those of an entry before its stages.
  void Begin(const storage::LogBatch& batch, size_t set) {
    if (set != metadata_) {
      labels_.SetMetadata(batch.metadata.empty() ? no_metadata_ : batch.metadata_sets[set]);
      metadata_ = set;
    }
    labels_.Begin();
  }

  // An entry that no stage looks at.
  absl::Status Count(const storage::LogBatch& batch, size_t i) {
    const size_t set = batch.metadata.empty() ? 0 : batch.metadata[i];
    if (unchanged_[set] == kNoSeries) {
      Begin(batch, set);
      const absl::StatusOr<size_t> series = SeriesOf();
      if (!series.ok()) return series.status();
      unchanged_[set] = *series;
    }
    ++stats_.lines_after_filter;
    const double value = extractor_.reads_sizes() ? batch.line_sizes[i] : 1;
    Take(unchanged_[set], {batch.timestamps[i], value});
    return absl::OkStatus();
  }

  absl::Status AddEntry(const storage::LogBatch& batch, size_t i) {
    const size_t set = batch.metadata.empty() ? 0 : batch.metadata[i];
    Begin(batch, set);
    StageEntry entry{batch.timestamps[i], batch.lines.empty() ? std::string_view() : batch.lines[i],
                     &labels_};
    std::optional<double> value = extractor_.Extract(&entry);
    if (!value.has_value()) return absl::OkStatus();
    if (labels_.has_error() && !labels_.preserves_error()) return PipelineError(labels_);
    if (extractor_.reads_sizes()) value = batch.line_sizes[i];
    ++stats_.lines_after_filter;
    const bool changed = labels_.changed();
    size_t series = changed ? kNoSeries : unchanged_[set];
    if (series == kNoSeries) {
      const absl::StatusOr<size_t> found = SeriesOf();
      if (!found.ok()) return found.status();
      series = *found;
      if (!changed) unchanged_[set] = series;
    }
    Take(series, {entry.timestamp, *value});
    return absl::OkStatus();
  }

  absl::StatusOr<size_t> SeriesOf() {
    key_.clear();
    extractor_.AppendLabels(labels_, &key_);
    const auto known = index_.find(key_);
    if (known != index_.end()) return known->second;
    absl::Status status = budget_.AddLoaded(0);
    if (status.ok()) status = budget_.Hold(kSeriesBytes + 2 * key_.size());
    if (!status.ok()) return status;
    index_.emplace(key_, series_.size());
    series_.emplace_back().labels = model::Labels::FromCanonical(key_);
    return series_.size() - 1;
  }

  void Take(size_t index, const RangeSample& sample) {
    SampleSeries& series = series_[index];
    if (series.totals != nullptr) {
      series.totals->Add(sample.timestamp, static_cast<uint64_t>(sample.value));
      return;
    }
    series.samples.push_back(sample);
    // A vector that grows holds up to twice its content.
    held_ += 2 * sizeof(RangeSample);
    if (extractor_.counts() && series.samples.size() > grid_.size()) AddUp(&series);
  }

  // Totals are smaller than the samples from here on.
  void AddUp(SampleSeries* series) {
    series->totals = std::make_unique<StepTotals>(grid_, range_.range_ns, range_.offset_ns);
    for (const RangeSample& one : series->samples) {
      series->totals->Add(one.timestamp, static_cast<uint64_t>(one.value));
    }
    series->samples = {};
    held_ += StepTotals::BytesOf(grid_);
  }

  const LogRange& range_;
  const MetricGrid grid_;
  SampleExtractor& extractor_;
  query::Budget& budget_;
  query::LogQueryStats& stats_;
  const model::Labels no_metadata_;
  EntryLabels labels_;
  size_t metadata_ = kNoMetadata;  // Which of the batch's sets labels_ has.
  std::vector<size_t> unchanged_;
  uint64_t held_ = 0;  // Not yet asked of the budget.
  std::string key_;
  absl::flat_hash_map<std::string, size_t> index_;  // By the labels' bytes.
  std::vector<SampleSeries> series_;
};

storage::LineColumn ColumnOf(const SampleExtractor& extractor) {
  if (extractor.ignores_lines()) return storage::LineColumn::kNone;
  return extractor.reads_sizes() ? storage::LineColumn::kSizes : storage::LineColumn::kLines;
}

}  // namespace

// Half open, where windows are open below and closed above.
storage::LogRange ReadRange(const LogRange& range, const MetricGrid& grid) {
  const model::TimestampNs first = Moved(grid.begin, -range.offset_ns);
  return {Moved(Moved(first, -range.range_ns), 1), Moved(Moved(grid.end, -range.offset_ns), 1)};
}

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
  selection.range = ReadRange(range, grid);
  selection.tests = extractor->pipeline().line_tests();
  selection.lines = ColumnOf(*extractor);
  selection.structured_metadata = extractor->reads_metadata();
  SampleSink sink(range, grid, &*extractor, &budget, stats);
  if (absl::Status status = source.SelectLogs(context, selection, sink); !status.ok()) {
    return status;
  }
  return sink.TakeSeries();
}

}  // namespace tidegate::logql
