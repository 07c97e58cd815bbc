// RocksDB behind the store's own interfaces. The only room that includes it.
//
// One database: a column family per partition, filled by ingestion only, and one for documents,
// with ordinary synced transactions. docs/adr/0003-pages-and-partitions.md says why so.
#ifndef TIDEGATE_STORAGE_ROCKS_ROCKS_H_
#define TIDEGATE_STORAGE_ROCKS_ROCKS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/documents.h"
#include "storage/partition/page_store.h"
#include "storage/store.h"

namespace tidegate::storage {

struct RocksOptions {
  std::string directory;
  uint64_t block_cache_bytes = 256 << 20;
  bool read_only = false;  // Nothing on disk changes; writes fail with FailedPrecondition.
};

// What RocksDB says about itself.
struct RocksFigures {
  uint64_t block_cache_bytes = 0;
  uint64_t block_cache_hits = 0;  // Since the start, as all numbers of events here.
  uint64_t block_cache_misses = 0;
  uint64_t file_bytes = 0;          // Of all table files.
  uint64_t memtable_bytes = 0;      // Documents that are in the log only.
  uint64_t table_reader_bytes = 0;  // Indexes and filters of open table files.
  uint64_t failed_writes = 0;
};

// Thread safe.
class Rocks {
 public:
  virtual ~Rocks() = default;
  virtual PageStore& pages() = 0;
  virtual Documents& documents() = 0;
  // Reads every table file whole and lists those whose bytes are damaged.
  virtual absl::StatusOr<std::vector<StorageDamage>> DamagedFiles() = 0;
  // Files that the opening found superfluous wait for this: a damaged manifest may not name what is
  // there. To be called once the caller has found everything that must be there.
  virtual void ReleaseDeletions() = 0;
  // Writes a consistent copy that can be opened on its own into `directory`, which must not exist;
  // its parent must. Table files are hard links where the file system has them.
  virtual absl::Status Checkpoint(const std::string& directory) = 0;
  // Ok, or why writing fails right now: ResourceExhausted while the disk is full (it passes by
  // itself), Unavailable after a failed write, until the database was opened anew by itself.
  virtual absl::Status Writable() const = 0;
  // Sizes are 0 while the database is being opened anew.
  virtual RocksFigures Figures() const = 0;
};

// Opens or creates the database. DataLoss names the damaged file; FailedPrecondition when it is
// held by another process.
absl::StatusOr<std::unique_ptr<Rocks>> OpenRocks(const RocksOptions& options);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_ROCKS_ROCKS_H_
