// Files of pages in partitions: what the store needs from RocksDB, and all it may know of it.
#ifndef TIDEGATE_STORAGE_PARTITION_PAGE_STORE_H_
#define TIDEGATE_STORAGE_PARTITION_PAGE_STORE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/page/page_source.h"
#include "storage/store.h"

namespace tidegate::storage {

// One open partition. Thread safe. Whoever holds it can read it, also after it was dropped; its
// files leave the disk with the last holder.
class Partition : public PageSource {
 public:
  virtual const PartitionSpan& span() const = 0;
};

// A file of pages that is being written, outside of any partition. Owned by one thread. Dropping it
// before it was ingested removes it.
class PageFile {
 public:
  virtual ~PageFile() = default;
  // Keys come strictly ascending.
  virtual absl::Status Add(std::string_view key, std::string_view value) = 0;
  // Synced when it returns. At least one page was added.
  virtual absl::Status Finish() = 0;
  // On disk, once finished.
  virtual uint64_t bytes() const = 0;
  virtual std::string path() const = 0;
};

struct IngestedFile {
  PartitionSpan span;
  PageFile* file = nullptr;  // Finished.
};

// What a partition's files hold, as far as their key ranges tell.
struct StoredRange {
  std::string least_key;
  std::string greatest_key;
  std::string file;  // For texts that a person reads.
  uint64_t bytes = 0;
};

// Thread safe, but only one thread changes partitions at a time. Errors: ResourceExhausted when the
// disk is full, Unavailable when writing failed otherwise, DataLoss when the files are damaged.
class PageStore {
 public:
  virtual ~PageStore() = default;

  virtual std::vector<PartitionSpan> Spans() const = 0;
  // nullptr when there is none.
  virtual std::shared_ptr<Partition> Find(const PartitionSpan& span) const = 0;
  virtual absl::StatusOr<std::shared_ptr<Partition>> Create(const PartitionSpan& span) = 0;
  // Holders read on.
  virtual absl::Status Drop(const PartitionSpan& span) = 0;

  virtual absl::StatusOr<std::unique_ptr<PageFile>> NewFile() = 0;
  // All or nothing, durable when it returns. Partitions exist; the files' key ranges overlap
  // neither each other nor anything in their partition (FailedPrecondition).
  virtual absl::Status Ingest(const std::vector<IngestedFile>& files) = 0;
  // Removes the files that lie wholly in the keys that start with `prefix`. Pulls the data from
  // under running readers: they must be gone.
  virtual absl::Status DeletePrefix(const PartitionSpan& span, std::string_view prefix) = 0;

  virtual absl::StatusOr<std::vector<StoredRange>> Ranges(const PartitionSpan& span) const = 0;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_PARTITION_PAGE_STORE_H_
