#include "storage/maintenance/merge_executor.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <string>
#include <string_view>
#include <utility>

#include "storage/logs/stream_batches.h"
#include "storage/page/segment_builder.h"
#include "storage/store/point_merge.h"
#include "storage/store/series_join.h"
#include "storage/store/stream_merge.h"

namespace tidegate::storage {
namespace {

// The inputs of a plan, open for reading, ascending by rank.
absl::StatusOr<SegmentList> FindInputs(const MergePlan& plan, const SegmentSet& snapshot) {
  SegmentList found;
  for (const auto& segment : snapshot.segments) {
    if (std::find(plan.inputs.begin(), plan.inputs.end(), segment->entry.id) != plan.inputs.end()) {
      found.push_back(segment);
    }
  }
  if (found.size() != plan.inputs.size()) return absl::AbortedError("an input is gone");
  return found;
}

std::vector<model::LogEntryView> ViewsOf(const LogBatch& batch) {
  std::vector<model::LogEntryView> views(batch.timestamps.size());
  for (size_t i = 0; i < views.size(); ++i) {
    views[i].timestamp = batch.timestamps[i];
    views[i].line = batch.lines[i];
    if (batch.metadata.empty()) continue;
    views[i].structured_metadata = batch.metadata_sets[batch.metadata[i]].bytes();
  }
  return views;
}

// One merge on its way. Owned by one thread.
class Merge {
 public:
  Merge(SegmentId id, const PartitionSpan& target, model::TimestampMs keep_from,
        const DeletionList& deletions, const std::atomic<bool>& stop, PageFile* file,
        std::set<SegmentId>* damaged)
      : range_{.min = keep_from, .max = model::kMaxTimestamp},
        deletions_(deletions),
        stop_(stop),
        damaged_(damaged),
        builder_(std::move(id), target,
                 [file](std::string key, std::string value) { return file->Add(key, value); }) {}

  absl::Status Run(const SegmentList& inputs) {
    absl::Status status = AddAll(PageKind::kMetricIndex, inputs);
    if (status.ok()) status = AddAll(PageKind::kStreamIndex, inputs);
    if (!status.ok()) return status;
    for (size_t i = 0; i < inputs.size(); ++i) {
      if (indexed_[i] == 0) NoteDamage(inputs[i]->entry.id, "no index");
    }
    return damage_;
  }

  SegmentBuilder& builder() { return builder_; }
  uint64_t conflicts() const { return conflicts_; }

 private:
  void NoteDamage(const SegmentId& id, std::string_view what) {
    damaged_->insert(id);
    damage_ = absl::DataLossError(fmt::format("{}: {}", ToString(id), what));
  }

  absl::StatusOr<SeriesJoin> Join(PageKind index_kind, const SegmentList& inputs) {
    std::vector<JoinInput> joined;
    indexed_.resize(inputs.size());
    for (size_t i = 0; i < inputs.size(); ++i) {
      const auto& segment = inputs[i];
      // Not through the cache: a merge reads every index once, and must know damage from absence.
      const PageSource& source = sources_.emplace_back(segment->partition.get());
      auto index = ReadIndex(segment->entry.id, index_kind, source);
      if (absl::IsNotFound(index.status())) continue;
      if (absl::IsDataLoss(index.status())) {
        NoteDamage(segment->entry.id, std::string(index.status().message()));
        return damage_;
      }
      if (!index.ok()) return index.status();
      indexed_[i] = 1;
      JoinInput input{.segment = segment,
                      .index = *index,
                      .series = (*index)->Match({}, range_),
                      .reader = nullptr,
                      .deletions = nullptr};
      const bool streams = index_kind == PageKind::kStreamIndex;
      input.deletions =
          std::make_unique<SegmentDeletions>(deletions_, segment->entry, **index, streams);
      input.reader = std::make_unique<SegmentReader>(
          SegmentReader::Input{.id = segment->entry.id,
                               .index = *index,
                               .source = &source,
                               .pool = &pool_,
                               .damage_fn =
                                   [this, id = segment->entry.id](const PageDamage& d) {
                                     NoteDamage(id, std::string(d.status.message()));
                                   },
                               .streams = streams ? input.series : std::vector<uint32_t>(),
                               .hidden = streams ? HiddenIn(input.deletions.get()) : nullptr});
      joined.push_back(std::move(input));
    }
    return SeriesJoin(std::move(joined));
  }

  absl::Status AddAll(PageKind index_kind, const SegmentList& inputs) {
    auto join = Join(index_kind, inputs);
    if (!join.ok()) return join.status();
    while (join->Next() && damage_.ok()) {
      if (stop_.load(std::memory_order_relaxed))
        return absl::CancelledError("the store is stopping");
      absl::Status status =
          index_kind == PageKind::kMetricIndex ? AddSeries(*join) : AddStream(*join);
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::Status AddSeries(const SeriesJoin& join) {
    std::vector<SegmentPoints> parts(join.members().size());
    std::vector<std::vector<model::Exemplar>> exemplar_parts(parts.size());
    for (size_t i = 0; i < parts.size(); ++i) {
      const SeriesJoin::Member& member = join.members()[i];
      for (const model::TimeRange& range : member.Kept(range_)) {
        absl::Status status = ReadPoints(member, range, &parts[i]);
        if (status.ok()) {
          status = member.reader->ReadExemplars(member.series, range, &exemplar_parts[i]);
        }
        if (!status.ok()) return status;
      }
    }
    const SeriesColumns columns = MergePoints(std::move(parts), &pool_, &conflicts_);
    const auto exemplars = MergeExemplars(std::move(exemplar_parts));
    return builder_.AddSeries(join.labels().view(), {.timestamps = *columns.timestamps,
                                                     .values = columns.values,
                                                     .start_timestamps = columns.start_timestamps,
                                                     .histograms = columns.histograms,
                                                     .exemplars = exemplars});
  }

  // Page by page: a stream may be longer than memory.
  absl::Status AddStream(const SeriesJoin& join) {
    std::vector<StreamMerge::Input> inputs;
    for (const SeriesJoin::Member& member : join.members()) {
      inputs.push_back({.reader = member.reader, .series = member.series});
    }
    LogRead read;
    read.range = NanosecondsOf(range_);
    StreamMerge merge(std::move(inputs), read);
    while (true) {
      if (stop_.load(std::memory_order_relaxed))
        return absl::CancelledError("the store is stopping");
      auto batch = merge.Next();
      if (!batch.ok()) return batch.status();
      if (batch->timestamps.empty()) return absl::OkStatus();
      absl::Status status = builder_.AddStream(join.labels().view(), ViewsOf(*batch));
      if (!status.ok()) return status;
    }
  }

  const model::TimeRange range_;
  const DeletionList& deletions_;
  const std::atomic<bool>& stop_;
  std::set<SegmentId>* const damaged_;
  TimeColumnPool pool_;
  std::deque<PagesReadOnce> sources_;  // Of all inputs; what queries read stays in the cache.
  SegmentBuilder builder_;
  uint64_t conflicts_ = 0;
  std::vector<uint8_t> indexed_;  // Per input: it has an index of some kind.
  absl::Status damage_;
};

}  // namespace

absl::StatusOr<MergeResult> ExecuteMerge(const MergePlan& plan, const MergeTimes& times,
                                         const std::atomic<bool>& stop, SegmentStore* store,
                                         std::set<SegmentId>* damaged) {
  const auto snapshot = store->Snapshot();
  auto inputs = FindInputs(plan, *snapshot);
  if (!inputs.ok()) return inputs.status();
  for (const auto& input : *inputs) {
    if (!MustStay(snapshot->deletions, input->entry, times.now)) continue;
    return absl::AbortedError("a deletion that can be cancelled has come");
  }
  MergeResult result;
  for (const auto& input : *inputs) result.samples_read += input->entry.samples;
  const SegmentId id{.tenant = plan.inputs.front().tenant,
                     .origin = SegmentOrigin::kMerge,
                     .position = {store->TakeMergeNumber()},
                     .producer = 0,
                     .span = plan.target};
  auto file = store->NewFile();
  if (!file.ok()) return file.status();
  Merge merge(id, plan.target, times.keep_from, snapshot->deletions, stop, file->get(), damaged);
  if (absl::Status status = merge.Run(*inputs); !status.ok()) return status;
  result.conflicts = merge.conflicts();
  std::vector<PendingSegment> merged;
  if (!merge.builder().empty()) {
    auto segment = merge.builder().Finish();
    if (!segment.ok()) return segment.status();
    if (absl::Status status = (*file)->Finish(); !status.ok()) return status;
    result.samples_written = segment->samples;
    merged.push_back({.entry = {.id = id,
                                .partition = plan.target,
                                .rank = 0,
                                .range = segment->range,
                                .series = segment->series,
                                .samples = segment->samples,
                                .bytes = 0,
                                .deletions_applied = snapshot->last_deletion()},
                      .file = *std::move(file)});
  }
  inputs->clear();
  if (absl::Status status = store->CommitMerge(plan.inputs, std::move(merged)); !status.ok()) {
    return status;
  }
  return result;
}

}  // namespace tidegate::storage
