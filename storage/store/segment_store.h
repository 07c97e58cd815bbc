// All segments of a store: the one writer that changes files and catalogue together, and the
// snapshots that readers hold.
#ifndef TIDEGATE_STORAGE_STORE_SEGMENT_STORE_H_
#define TIDEGATE_STORAGE_STORE_SEGMENT_STORE_H_

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/partition/page_store.h"
#include "storage/rocks/rocks.h"
#include "storage/store/catalogue.h"
#include "storage/store/damage_log.h"
#include "storage/store/segment_set.h"

namespace tidegate::storage {

// A segment whose file is written and synced, but not ingested. Dropping it removes the file.
struct PendingSegment {
  SegmentEntry entry;  // `partition` as wished for; rank and bytes are filled in when committed.
  std::unique_ptr<PageFile> file;
};

// Thread safe: writers take turns, readers never wait for them.
class SegmentStore {
 public:
  // Loads the catalogue and drops what it does not name. `rocks` and `damage` must outlive it.
  // Every commit is copied to the file `copy_path` (catalogue_copy.h) before it counts; empty = no
  // copy.
  static absl::StatusOr<std::unique_ptr<SegmentStore>> Open(Rocks* rocks, DamageLog* damage,
                                                            std::string copy_path);

  // What exists now.
  std::shared_ptr<const SegmentSet> Snapshot() const;
  std::vector<SegmentEntry> Entries() const;
  // Store::RegisterProducer.
  absl::StatusOr<LogPosition> RegisterProducer(uint64_t producer,
                                               const std::vector<uint64_t>& predecessors);
  // Ok when CommitCut could take this cut now; else its error.
  absl::Status CheckCut(uint64_t producer, LogPosition position);
  size_t PartitionCount() const { return rocks_->pages().Spans().size(); }

  absl::StatusOr<std::unique_ptr<PageFile>> NewFile() { return rocks_->pages().NewFile(); }

  // Ingests the segments and names them, with the position. A segment whose partition does not
  // exist goes into the next wider one if that exists (its data was merged there already); wider
  // still would rewrite years for an hour. AlreadyExists when that position is committed, NotFound
  // when the producer is not known, InvalidArgument for a position before the committed one.
  absl::Status CommitCut(uint64_t producer, LogPosition position,
                         std::vector<PendingSegment> segments);

  // A number for the identity of a merged segment.
  uint64_t TakeMergeNumber();
  // Ingests the merged segment (nothing, when the inputs held nothing that lives) into its
  // partition and names it in place of the inputs. Aborted when an input is not named any more.
  absl::Status CommitMerge(const std::vector<SegmentId>& inputs,
                           std::vector<PendingSegment> merged);

  // Names the deletions, in the order given: what is stored now is concerned, what comes later is
  // not. The number of the first; they count up. At least one.
  absl::StatusOr<uint64_t> AddDeletions(std::vector<StoredDeletion> deletions);
  // What the tenant's deletion of log entries hid is there again. NotFound; FailedPrecondition when
  // it is final.
  absl::Status CancelDeletion(const std::string& tenant, uint64_t number, model::TimestampMs now);
  // Forgets deletions that no segment needs any more; those of log entries, which can be listed,
  // not before they are 30 days old.
  absl::Status ForgetDeletions(model::TimestampMs now);

  // Writes a consistent copy of the database and of the catalogue into an existing, empty
  // directory.
  absl::Status Checkpoint(const std::string& directory);

  // Forgets the segments. Their files go when no reader holds them any more: Sweep.
  absl::Status Remove(const std::vector<SegmentId>& segments);
  // Deletes files of removed segments that nobody reads, and partitions without a segment.
  absl::Status Sweep();

 private:
  // A removed segment whose files are still there.
  struct Doomed {
    std::weak_ptr<const Segment> readers;
    PartitionSpan partition;
    std::string prefix;
  };
  // Names of the fail points around one commit.
  struct FailPoints {
    const char* before_ingest;
    const char* ingested;
    const char* committed;
  };

  SegmentStore(Rocks* rocks, DamageLog* damage, std::string copy_path, Catalogue catalogue)
      : rocks_(rocks),
        damage_(damage),
        copy_path_(std::move(copy_path)),
        catalogue_(std::move(catalogue)) {}
  absl::Status DropOrphans();
  absl::Status SettleLocked();
  PartitionSpan PlaceLocked(const PartitionSpan& wished) const;
  absl::Status IngestLocked(std::vector<PendingSegment>* segments);
  absl::Status CheckCutLocked(uint64_t producer, LogPosition position) const;
  absl::Status CommitLocked(std::vector<PendingSegment> segments, CatalogueChange change,
                            const FailPoints& fail_points);
  absl::Status CommitChangeLocked(const CatalogueChange& change);
  void PublishLocked();
  void PublishDeletionsLocked(const SegmentSet& last, SegmentSet* next);
  absl::Status CopyLocked();

  Rocks* const rocks_;
  DamageLog* const damage_;
  const std::string copy_path_;
  mutable std::mutex writer_mutex_;
  Catalogue catalogue_;  // Guarded by writer_mutex_, like all up to unsettled_.
  std::vector<Doomed> doomed_;
  bool copied_ = false;                  // The copy says what the catalogue says.
  bool in_doubt_ = false;                // A commit failed: it may have happened or not.
  std::vector<SegmentEntry> unsettled_;  // What such commits may have left in the partitions.
  mutable std::mutex snapshot_mutex_;
  std::shared_ptr<const SegmentSet> snapshot_ = std::make_shared<SegmentSet>();
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_STORE_SEGMENT_STORE_H_
