#include "storage/store/segment_store.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "model/fail_point.h"
#include "storage/partition/partition.h"
#include "storage/store/directory.h"

namespace tidegate::storage {
namespace {

// Deletions that were asked for by name.
constexpr model::TimestampMs kRemembered = 30 * model::TimestampMs{24 * 3600 * 1000};

// The prefix of the segment that a key belongs to; the key itself when it is not one of ours.
std::string PrefixOf(const std::string& key) {
  const auto parsed = ParsePageKey(key);
  return parsed.ok() ? SegmentKeyPrefix(parsed->id) : key;
}

// Moves the segments into the next wider partitions, away from a damaged file; false when one is in
// the widest.
bool Widen(std::vector<PendingSegment>* segments) {
  for (PendingSegment& segment : *segments) {
    PartitionSpan& span = segment.entry.partition;
    const auto width = std::find(kPartitionWidths.begin(), kPartitionWidths.end(), span.duration);
    if (width + 1 >= kPartitionWidths.end()) return false;
    span = SpanContaining(span.begin, *(width + 1));
  }
  return true;
}

uint64_t LastDeletion(const Catalogue& catalogue) {
  return catalogue.deletions().empty() ? 0 : catalogue.deletions().rbegin()->first;
}

bool LessRank(const std::shared_ptr<const Segment>& a, const std::shared_ptr<const Segment>& b) {
  return a->entry.rank < b->entry.rank;
}

}  // namespace

absl::StatusOr<std::unique_ptr<SegmentStore>> SegmentStore::Open(Rocks* rocks, DamageLog* damage,
                                                                 std::string copy_path) {
  auto catalogue = Catalogue::Load(&rocks->documents(), nullptr);
  if (!catalogue.ok()) return catalogue.status();
  std::unique_ptr<SegmentStore> store(
      new SegmentStore(rocks, damage, std::move(copy_path), *std::move(catalogue)));
  rocks->ReleaseDeletions();
  if (absl::Status status = store->DropOrphans(); !status.ok()) return status;
  std::lock_guard lock(store->writer_mutex_);
  store->PublishLocked();
  if (absl::Status status = store->CopyLocked(); !status.ok()) {
    spdlog::warn("{}; it is tried again with the next commit", status.ToString());
  }
  return store;
}

absl::Status SegmentStore::DropOrphans() {
  std::map<PartitionSpan, std::set<std::string>> named;
  for (const auto& [id, entry] : catalogue_.segments()) {
    named[entry.partition].insert(SegmentKeyPrefix(id));
  }
  PageStore& pages = rocks_->pages();
  for (const PartitionSpan& span : pages.Spans()) {
    if (!named.contains(span)) {
      if (absl::Status status = pages.Drop(span); !status.ok()) return status;
      continue;
    }
    auto ranges = pages.Ranges(span);
    if (!ranges.ok()) return ranges.status();
    for (const StoredRange& range : *ranges) {
      const std::string prefix = PrefixOf(range.least_key);
      if (named[span].contains(prefix)) continue;
      if (absl::Status status = pages.DeletePrefix(span, prefix); !status.ok()) return status;
    }
  }
  return absl::OkStatus();
}

std::shared_ptr<const SegmentSet> SegmentStore::Snapshot() const {
  std::lock_guard lock(snapshot_mutex_);
  return snapshot_;
}

std::vector<SegmentEntry> SegmentStore::Entries() const {
  const auto snapshot = Snapshot();
  std::vector<SegmentEntry> entries;
  for (const auto& segment : snapshot->segments) entries.push_back(segment->entry);
  return entries;
}

absl::StatusOr<LogPosition> SegmentStore::RegisterProducer(
    uint64_t producer, const std::vector<uint64_t>& predecessors) {
  std::lock_guard lock(writer_mutex_);
  if (absl::Status status = SettleLocked(); !status.ok()) return status;
  if (const auto known = catalogue_.CommittedPosition(producer)) return *known;
  CatalogueChange change;
  change.committed = {producer, LogPosition{}};
  if (!predecessors.empty()) {
    const auto known =
        std::find_if(predecessors.begin(), predecessors.end(), [this](uint64_t predecessor) {
          return catalogue_.CommittedPosition(predecessor).has_value();
        });
    if (known == predecessors.end()) {
      return absl::NotFoundError(
          fmt::format("the store does not know producer {:016x}", predecessors.front()));
    }
    change.committed->second = *catalogue_.CommittedPosition(*known);
    change.end_producer = *known;
  }
  if (absl::Status status = CommitChangeLocked(change); !status.ok()) return status;
  return change.committed->second;
}

absl::Status SegmentStore::CheckCut(uint64_t producer, LogPosition position) {
  std::lock_guard lock(writer_mutex_);
  if (absl::Status status = SettleLocked(); !status.ok()) return status;
  return CheckCutLocked(producer, position);
}

absl::Status SegmentStore::CheckCutLocked(uint64_t producer, LogPosition position) const {
  const auto committed = catalogue_.CommittedPosition(producer);
  if (!committed.has_value()) {
    return absl::NotFoundError(fmt::format("the store does not know producer {:016x}", producer));
  }
  if (position == *committed) {
    return absl::AlreadyExistsError(
        fmt::format("cut {} of producer {:016x} is committed", position.value, producer));
  }
  if (position < *committed) {
    return absl::InvalidArgumentError(
        fmt::format("cut {} of producer {:016x} lies before the committed position {}",
                    position.value, producer, committed->value));
  }
  return absl::OkStatus();
}

uint64_t SegmentStore::TakeMergeNumber() {
  std::lock_guard lock(writer_mutex_);
  return catalogue_.TakeNumber();
}

PartitionSpan SegmentStore::PlaceLocked(const PartitionSpan& wished) const {
  if (rocks_->pages().Find(wished) != nullptr) return wished;
  for (size_t i = 0; i + 1 < kPartitionWidths.size(); ++i) {
    if (kPartitionWidths[i] != wished.duration) continue;
    const PartitionSpan wider = SpanContaining(wished.begin, kPartitionWidths[i + 1]);
    if (rocks_->pages().Find(wider) != nullptr) return wider;
  }
  return wished;
}

absl::Status SegmentStore::CopyLocked() {
  if (copied_ || copy_path_.empty()) return absl::OkStatus();
  absl::Status status = WriteCatalogueCopy(copy_path_, catalogue_.state());
  copied_ = status.ok();
  return status;
}

// After a failed commit the documents tell, once they can be written again, whether it happened.
absl::Status SegmentStore::SettleLocked() {
  if (absl::Status status = rocks_->Writable(); !status.ok()) return status;
  if (!in_doubt_) return CopyLocked();
  if (absl::Status status = catalogue_.Reload(); !status.ok()) return status;
  for (const SegmentEntry& entry : unsettled_) {
    if (catalogue_.segments().contains(entry.id)) continue;
    absl::Status status = rocks_->pages().DeletePrefix(entry.partition, SegmentKeyPrefix(entry.id));
    if (!status.ok()) return status;
  }
  unsettled_.clear();
  in_doubt_ = false;
  copied_ = false;
  PublishLocked();
  return CopyLocked();
}

absl::Status SegmentStore::IngestLocked(std::vector<PendingSegment>* segments) {
  std::vector<IngestedFile> files;
  for (PendingSegment& segment : *segments) {
    auto partition = rocks_->pages().Create(segment.entry.partition);
    if (!partition.ok()) return partition.status();
    segment.entry.bytes = segment.file->bytes();
    files.push_back({.span = segment.entry.partition, .file = segment.file.get()});
  }
  return rocks_->pages().Ingest(files);
}

absl::Status SegmentStore::CommitLocked(std::vector<PendingSegment> segments,
                                        CatalogueChange change, const FailPoints& fail_points) {
  model::HitFailPoint(fail_points.before_ingest);
  absl::Status status = IngestLocked(&segments);
  if (absl::IsDataLoss(status) && Widen(&segments)) status = IngestLocked(&segments);
  for (const PendingSegment& segment : segments) change.add.push_back(segment.entry);
  if (status.ok()) {
    model::HitFailPoint(fail_points.ingested);
    status = catalogue_.Commit(change);
  }
  if (!status.ok()) {
    in_doubt_ = true;
    unsettled_.insert(unsettled_.end(), change.add.begin(), change.add.end());
    return status;
  }
  model::HitFailPoint(fail_points.committed);
  PublishLocked();
  copied_ = false;
  return CopyLocked();
}

absl::Status SegmentStore::CommitCut(uint64_t producer, LogPosition position,
                                     std::vector<PendingSegment> segments) {
  std::lock_guard lock(writer_mutex_);
  if (absl::Status status = SettleLocked(); !status.ok()) return status;
  if (absl::Status status = CheckCutLocked(producer, position); !status.ok()) return status;
  for (PendingSegment& segment : segments) {
    segment.entry.partition = PlaceLocked(segment.entry.partition);
    segment.entry.rank = catalogue_.TakeNumber();
    segment.entry.deletions_applied = LastDeletion(catalogue_);
  }
  CatalogueChange change;
  change.committed = {producer, position};
  return CommitLocked(std::move(segments), std::move(change),
                      {.before_ingest = "store.before_ingest",
                       .ingested = "store.ingested",
                       .committed = "store.committed"});
}

absl::Status SegmentStore::CommitMerge(const std::vector<SegmentId>& inputs,
                                       std::vector<PendingSegment> merged) {
  std::lock_guard lock(writer_mutex_);
  if (absl::Status status = SettleLocked(); !status.ok()) return status;
  uint64_t rank = std::numeric_limits<uint64_t>::max();
  for (const SegmentId& id : inputs) {
    const auto entry = catalogue_.segments().find(id);
    if (entry == catalogue_.segments().end()) {
      return absl::AbortedError("an input of the merge is gone");
    }
    rank = std::min(rank, entry->second.rank);
  }
  for (PendingSegment& segment : merged) segment.entry.rank = rank;
  CatalogueChange change;
  change.remove = inputs;
  return CommitLocked(std::move(merged), std::move(change),
                      {.before_ingest = "merge.before_ingest",
                       .ingested = "merge.ingested",
                       .committed = "merge.committed"});
}

absl::Status SegmentStore::Remove(const std::vector<SegmentId>& segments) {
  std::lock_guard lock(writer_mutex_);
  if (absl::Status status = SettleLocked(); !status.ok()) return status;
  CatalogueChange change;
  change.remove = segments;
  return CommitChangeLocked(change);
}

absl::Status SegmentStore::CommitChangeLocked(const CatalogueChange& change) {
  if (absl::Status status = catalogue_.Commit(change); !status.ok()) {
    in_doubt_ = true;
    return status;
  }
  PublishLocked();
  copied_ = false;
  return CopyLocked();
}

absl::StatusOr<uint64_t> SegmentStore::AddDeletions(std::vector<StoredDeletion> deletions) {
  std::lock_guard lock(writer_mutex_);
  if (absl::Status status = SettleLocked(); !status.ok()) return status;
  CatalogueChange change;
  for (StoredDeletion& deletion : deletions) {
    deletion.number = catalogue_.TakeNumber();
    change.add_deletions.push_back(std::move(deletion));
  }
  const uint64_t first = change.add_deletions.front().number;
  if (absl::Status status = CommitChangeLocked(change); !status.ok()) return status;
  return first;
}

absl::Status SegmentStore::CancelDeletion(const std::string& tenant, uint64_t number,
                                          model::TimestampMs now) {
  std::lock_guard lock(writer_mutex_);
  if (absl::Status status = SettleLocked(); !status.ok()) return status;
  const auto found = catalogue_.deletions().find(number);
  if (found == catalogue_.deletions().end() || !found->second.logs ||
      found->second.tenant != tenant) {
    return absl::NotFoundError("there is no such deletion");
  }
  if (found->second.IsFinal(now)) return absl::FailedPreconditionError("the deletion is final");
  CatalogueChange change;
  change.remove_deletions.push_back(number);
  return CommitChangeLocked(change);
}

absl::Status SegmentStore::ForgetDeletions(model::TimestampMs now) {
  std::lock_guard lock(writer_mutex_);
  if (absl::Status status = SettleLocked(); !status.ok()) return status;
  CatalogueChange change;
  for (const auto& [number, deletion] : catalogue_.deletions()) {
    if (deletion.logs && now < std::max(deletion.created_at + kRemembered, deletion.final_at))
      continue;
    const bool needed =
        std::any_of(catalogue_.segments().begin(), catalogue_.segments().end(),
                    [&d = deletion](const auto& segment) { return Concerns(d, segment.second); });
    if (!needed) change.remove_deletions.push_back(number);
  }
  return change.remove_deletions.empty() ? absl::OkStatus() : CommitChangeLocked(change);
}

absl::Status SegmentStore::Checkpoint(const std::string& directory) {
  std::lock_guard lock(writer_mutex_);
  if (absl::Status status = SettleLocked(); !status.ok()) return status;
  absl::Status status = rocks_->Checkpoint(directory + "/" + kRocksSubdirectory);
  if (!status.ok()) return status;
  return WriteCatalogueCopy(directory + "/" + kCatalogueCopyFile, catalogue_.state());
}

void SegmentStore::PublishLocked() {
  const auto last = Snapshot();
  auto next = std::make_shared<SegmentSet>();
  std::set<SegmentId> known;
  for (const auto& segment : last->segments) {
    if (catalogue_.segments().contains(segment->entry.id)) {
      known.insert(segment->entry.id);
      next->segments.push_back(segment);
    } else {
      doomed_.push_back({.readers = segment,
                         .partition = segment->entry.partition,
                         .prefix = SegmentKeyPrefix(segment->entry.id)});
    }
  }
  for (const auto& [id, entry] : catalogue_.segments()) {
    if (known.contains(id)) continue;
    auto partition = rocks_->pages().Find(entry.partition);
    if (partition == nullptr) {
      damage_->Note(PageKey(id, kMetricIndexOrdinal, PageKind::kMetricIndex),
                    absl::DataLossError("the partition of a named segment does not exist"));
      continue;
    }
    next->segments.push_back(std::make_shared<const Segment>(
        Segment{.entry = entry, .partition = std::move(partition)}));
  }
  std::sort(next->segments.begin(), next->segments.end(), LessRank);
  PublishDeletionsLocked(*last, next.get());
  std::lock_guard lock(snapshot_mutex_);
  snapshot_ = std::move(next);
}

void SegmentStore::PublishDeletionsLocked(const SegmentSet& last, SegmentSet* next) {
  for (const auto& [number, deletion] : catalogue_.deletions()) {
    const auto known =
        std::find_if(last.deletions.begin(), last.deletions.end(),
                     [n = number](const auto& one) { return one->stored.number == n; });
    if (known != last.deletions.end()) {
      next->deletions.push_back(*known);
      continue;
    }
    auto active = ActiveDeletion::Compile(deletion);
    if (!active.ok()) {  // Was compiled before it was stored.
      damage_->NoteFile({.where = fmt::format("deletion {}", number),
                         .reason = std::string(active.status().message())});
      continue;
    }
    next->deletions.push_back(*std::move(active));
  }
}

absl::Status SegmentStore::Sweep() {
  std::lock_guard lock(writer_mutex_);
  if (absl::Status status = SettleLocked(); !status.ok()) return status;
  std::set<PartitionSpan> named;
  for (const auto& [id, entry] : catalogue_.segments()) named.insert(entry.partition);
  for (const PartitionSpan& span : rocks_->pages().Spans()) {
    if (named.contains(span)) continue;
    if (absl::Status status = rocks_->pages().Drop(span); !status.ok()) return status;
  }
  std::vector<Doomed> waiting;
  absl::Status result;
  for (Doomed& doomed : doomed_) {
    if (!named.contains(doomed.partition)) continue;  // Left with its partition.
    absl::Status status = absl::OkStatus();
    const bool read = !doomed.readers.expired();
    if (!read) status = rocks_->pages().DeletePrefix(doomed.partition, doomed.prefix);
    if (read || !status.ok()) waiting.push_back(std::move(doomed));
    result.Update(status);
  }
  doomed_ = std::move(waiting);
  return result;
}

}  // namespace tidegate::storage
