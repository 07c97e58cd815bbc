// The open RocksDB database that pages and documents share. Inside this room only.
#ifndef TIDEGATE_STORAGE_ROCKS_DATABASE_H_
#define TIDEGATE_STORAGE_ROCKS_DATABASE_H_

#include <rocksdb/db.h>
#include <rocksdb/options.h>

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "storage/rocks/held_deletions.h"
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

class OpenFamily;

// Thread safe. Closes the database when the last holder lets go.
struct Database {
  ~Database();

  std::string directory;
  bool read_only = false;
  std::shared_ptr<rocksdb::Cache> cache;
  std::shared_ptr<HeldDeletions> deletions;
  std::unique_ptr<rocksdb::Env> env;  // Over `deletions`.
  rocksdb::Options options;           // As opened.

  // Held for reading by whoever uses `db` or a family's handle (never twice by one thread: a waiting
  // writer would lock it out), for writing while the database is opened anew.
  absl::Mutex gate;
  std::unique_ptr<rocksdb::DB> db;  // nullptr while it cannot be opened.
  // Families that were found, and nobody has taken over yet.
  std::vector<rocksdb::ColumnFamilyHandle*> families;

  // A write failed inside RocksDB. Its own resuming cannot be trusted (docs/adr/0003): nothing is
  // written until the database was opened anew (recovery.h).
  std::atomic<bool> failed{false};
  std::atomic<uint64_t> failures{0};
  std::mutex failure_mutex;
  std::condition_variable failure;  // Told when `failed` becomes true.

  // Asked before every write: ResourceExhausted while less than `reserve` bytes are free. So a full
  // disk hardly ever reaches RocksDB. Unavailable after a failed write until the database is opened
  // anew, FailedPrecondition when open for reading.
  absl::Status MayWrite(uint64_t reserve) const;
  absl::StatusOr<uint64_t> FreeBytes() const;
  // Unavailable when the database is closed. The caller holds the gate.
  absl::Status CheckOpen() const;
  // FromRocks for the outcome of a write.
  absl::Status Written(const rocksdb::Status& status);

  // Closes and opens; families that are in use get their new handles. For reading only when
  // `for_reading`. The caller holds the gate for writing. After an error the database is closed.
  absl::Status ReopenLocked(bool for_reading);

 private:
  friend class OpenFamily;
  void CloseLocked();
  void HandBackLocked();
  std::mutex in_use_mutex_;  // Taken after the gate.
  std::set<OpenFamily*> in_use_;
};

// A column family that somebody uses, also over a reopening. Thread safe.
class OpenFamily {
 public:
  // Takes the handle.
  OpenFamily(std::shared_ptr<Database> database, rocksdb::ColumnFamilyHandle* handle);
  ~OpenFamily();
  OpenFamily(const OpenFamily&) = delete;
  OpenFamily& operator=(const OpenFamily&) = delete;

  const std::string& name() const { return name_; }
  Database& database() const { return *database_; }
  // The caller holds the gate. nullptr when a reopening did not find the family: it was dropped.
  rocksdb::ColumnFamilyHandle* handle() const { return handle_; }
  // From now on another family may have the name.
  void SetDropped() { dropped_.store(true); }
  // Unavailable when there is nothing to read from right now. The caller holds the gate.
  absl::Status CheckOpen() const;

 private:
  friend struct Database;
  const std::shared_ptr<Database> database_;
  const std::string name_;
  rocksdb::ColumnFamilyHandle* handle_;  // Changes under the gate, held for writing.
  std::atomic<bool> dropped_{false};
};

// `env` nullptr = the machine's; it must outlive the database.
absl::StatusOr<std::shared_ptr<Database>> OpenDatabase(const RocksOptions& options,
                                                       rocksdb::Env* env);

// As Rocks::DamagedFiles.
absl::StatusOr<std::vector<StorageDamage>> FindDamagedFiles(Database& database);

// OpenRocks on an environment of the test's choice.
absl::StatusOr<std::unique_ptr<Rocks>> OpenRocksOn(const RocksOptions& options, rocksdb::Env* env);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_ROCKS_DATABASE_H_
