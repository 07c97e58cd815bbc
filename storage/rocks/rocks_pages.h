// Partitions as column families. Inside this room only.
#ifndef TIDEGATE_STORAGE_ROCKS_ROCKS_PAGES_H_
#define TIDEGATE_STORAGE_ROCKS_ROCKS_PAGES_H_

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "storage/partition/page_store.h"
#include "storage/rocks/database.h"

namespace tidegate::storage {

// Column families are named pages/BEGIN/DURATION (milliseconds). Thread safe.
class RocksPages final : public PageStore {
 public:
  explicit RocksPages(std::shared_ptr<Database> database);

  // Takes over the partitions that the database found when it was opened and forgets those that it
  // did not find. DataLoss when a family's name is not a partition's. The caller holds the gate for
  // writing, or nobody else knows the database yet.
  absl::Status Refresh();
  // Removes what an earlier process left half written.
  absl::Status CleanIncoming();

  std::vector<PartitionSpan> Spans() const override;
  std::shared_ptr<Partition> Find(const PartitionSpan& span) const override;
  absl::StatusOr<std::shared_ptr<Partition>> Create(const PartitionSpan& span) override;
  absl::Status Drop(const PartitionSpan& span) override;
  absl::StatusOr<std::unique_ptr<PageFile>> NewFile() override;
  absl::Status Ingest(const std::vector<IngestedFile>& files) override;
  absl::Status DeletePrefix(const PartitionSpan& span, std::string_view prefix) override;
  absl::StatusOr<std::vector<StoredRange>> Ranges(const PartitionSpan& span) const override;

 private:
  class Family;
  class File;
  std::shared_ptr<Family> FindFamily(const PartitionSpan& span) const;
  std::string IncomingDirectory() const { return database_->directory + "/incoming"; }

  std::shared_ptr<Database> database_;
  mutable std::mutex mutex_;
  std::map<PartitionSpan, std::shared_ptr<Family>> families_;  // Guarded by mutex_.
  // What a reopening did not find: letting go takes the gate, which Refresh's caller holds.
  std::vector<std::shared_ptr<Family>> forgotten_;
  std::atomic<uint64_t> next_file_{1};
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_ROCKS_ROCKS_PAGES_H_
