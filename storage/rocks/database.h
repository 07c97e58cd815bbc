// The open RocksDB database that pages and documents share. Inside this room only.
#ifndef TIDEGATE_STORAGE_ROCKS_DATABASE_H_
#define TIDEGATE_STORAGE_ROCKS_DATABASE_H_

#include <rocksdb/db.h>
#include <rocksdb/options.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/rocks/rocks.h"

namespace tidegate::storage {

inline constexpr char kDocumentsFamily[] = "documents";

// Bytes that stay free for RocksDB's own log, manifest and options. Removing data needs less, and
// is what makes room.
inline constexpr uint64_t kWriteReserve = 8 << 20;
inline constexpr uint64_t kRemoveReserve = 1 << 20;

// Our vocabulary for RocksDB's errors; the text keeps theirs.
absl::Status FromRocks(const rocksdb::Status& status);

rocksdb::ColumnFamilyOptions DocumentFamilyOptions();
rocksdb::ColumnFamilyOptions PageFamilyOptions(std::shared_ptr<rocksdb::Cache> cache);

// Thread safe. Closes the database when the last holder lets go.
struct Database {
  ~Database();

  std::string directory;
  bool read_only = false;
  std::shared_ptr<rocksdb::Cache> cache;
  rocksdb::Options options;  // As opened.
  std::unique_ptr<rocksdb::DB> db;
  // Families that were found, and nobody has taken over yet.
  std::vector<rocksdb::ColumnFamilyHandle*> families;
  // A write failed inside RocksDB. After a resume 7.8.3 died in an assertion at the next ingestion, so
  // nothing is written any more until a restart.
  std::atomic<bool> failed{false};

  // Asked before every write: ResourceExhausted while less than `reserve` bytes are free. So a full
  // disk never reaches RocksDB, and writing goes on as soon as there is room. Unavailable after a
  // failed write, FailedPrecondition when open for reading.
  absl::Status MayWrite(uint64_t reserve) const;
  // FromRocks for the outcome of a write.
  absl::Status Written(const rocksdb::Status& status);
};

// `env` nullptr = the machine's; it must outlive the database.
absl::StatusOr<std::shared_ptr<Database>> OpenDatabase(const RocksOptions& options,
                                                       rocksdb::Env* env);

// As Rocks::DamagedFiles.
absl::StatusOr<std::vector<StorageDamage>> FindDamagedFiles(const Database& database);

// OpenRocks on an environment of the test's choice.
absl::StatusOr<std::unique_ptr<Rocks>> OpenRocksOn(const RocksOptions& options, rocksdb::Env* env);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_ROCKS_DATABASE_H_
