// The store: sealed pages and documents, durable in RocksDB.
//
// Life of sealed data: an ingester cuts its head, builds pages (storage/page) and hands them over
// in one session; the store writes them into partitions and names them in the catalogue with one
// synced transaction. What the catalogue does not name does not exist. See docs/ARCHITECTURE.md.
#ifndef TIDEGATE_STORAGE_STORE_H_
#define TIDEGATE_STORAGE_STORE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "model/clock.h"
#include "model/metadata.h"
#include "model/request_context.h"
#include "model/sample.h"
#include "model/tenant.h"
#include "storage/documents.h"
#include "storage/log.h"
#include "storage/log_source.h"
#include "storage/series_source.h"
#include "storage/store_admin.h"

namespace prometheus {
class Registry;
}

namespace tidegate::storage {

// A span of time that shares one column family. Spans nest: 2 h, 1 d, 16 d, 1024 d, all aligned to
// the Unix epoch, so that a wider partition covers narrower ones exactly.
struct PartitionSpan {
  model::TimestampMs begin = 0;     // Inclusive.
  model::TimestampMs duration = 0;  // One of the four widths.

  model::TimestampMs end() const { return begin + duration; }  // Exclusive.
  friend auto operator<=>(const PartitionSpan&, const PartitionSpan&) = default;
};

// The data of one tenant in one partition out of one cut or merge: an index over its series and the
// pages that hold their chunks, as opaque key/value pairs in ascending key order. The keys are made
// by the page room (docs/formats/page.md); a replayed cut makes the same keys again.
struct SealedSegment {
  PartitionSpan partition;
  std::string tenant;
  model::TimeRange range;  // Of the samples inside.
  uint64_t series = 0;
  uint64_t samples = 0;
  std::vector<std::pair<std::string, std::string>> pages;
};

// One cut on its way into the store. Owned by one thread. Dropping it without Commit leaves
// nothing.
class HandOver {
 public:
  virtual ~HandOver() = default;
  // Unavailable: try the whole hand-over again later.
  virtual absl::Status Add(SealedSegment segment) = 0;
  // Pages are synced, then named. After Ok the log before the cut's position may be trimmed.
  virtual absl::Status Commit() = 0;
};

struct TenantMetadata {
  std::string tenant;
  model::MetricMetadata metadata;
};

// What `tidegate check storage` and start-up say about damaged data.
struct StorageDamage {
  std::string where;  // File or partition, tenant, page.
  std::string reason;
};

// Thread safe.
class Store : public SeriesSource, public LogSource {
 public:
  // A producer is one life of an ingester: it draws an id at every start (ADR 7). Makes `producer`
  // known in the place of the one id of `predecessors` that is known, which ends: what that one
  // committed counts as this one's, and nobody else can hand over or register in its name. With no
  // predecessors the producer begins at zero. Returns the position up to which its cuts are
  // committed. A producer that is known already keeps its position, so the call is repeatable.
  // NotFound when none of the predecessors is known; nothing has changed then. Durable.
  virtual absl::StatusOr<LogPosition> RegisterProducer(
      const model::RequestContext& context, uint64_t producer,
      const std::vector<uint64_t>& predecessors) = 0;
  // Starts the hand-over of everything that `producer` logged before `position` and has not handed
  // over yet. AlreadyExists when that position is the committed one: nothing to do. NotFound when
  // the producer is not known (any more): nothing is taken from it. InvalidArgument when the
  // position lies before the committed one.
  virtual absl::StatusOr<std::unique_ptr<HandOver>> StartHandOver(
      const model::RequestContext& context, uint64_t producer, LogPosition position) = 0;

  virtual Documents& documents() = 0;

  // Last writer wins per (tenant, metric family). Durable when it returns.
  virtual absl::Status PutMetadata(const model::RequestContext& context,
                                   const std::vector<TenantMetadata>& metadata) = 0;
  // Of the context's tenant; all families, or the one named. Sorted by family.
  virtual absl::StatusOr<std::vector<model::MetricMetadata>> Metadata(
      const model::RequestContext& context, const std::string& metric_family) = 0;

  // Ok, or why the store cannot serve yet.
  virtual absl::Status Ready() const = 0;
};

struct LocalStoreOptions {
  std::string directory;
  uint64_t block_cache_bytes = 256 << 20;
  uint64_t index_cache_bytes = 256 << 20;                   // Loaded segment indexes.
  uint64_t outline_cache_bytes = 32 << 20;                  // Outlines of log pages.
  absl::Duration maintenance_interval = absl::Seconds(30);  // Merging and retention; zero = only by
                                                            // RunMaintenance.
  std::string snapshot_directory;  // Made when needed; empty = DIRECTORY/snapshots.
  size_t max_partitions = 64;      // Column families; beyond it narrow ones are merged first.
  prometheus::Registry* metrics = nullptr;  // Must outlive the store; nullptr = none wanted.
};

// The store of this process.
class LocalStore : public Store, public StoreAdmin {
 public:
  // One round of merging and retention, for tests and operators.
  virtual absl::Status RunMaintenance() = 0;
  // Stops background work and closes the files. The destructor does it too.
  virtual absl::Status Close() = 0;
};

// FailedPrecondition: the directory is held by another process or written by a newer format; the
// text says which. Clock and registry must outlive the store.
absl::StatusOr<std::unique_ptr<LocalStore>> OpenLocalStore(const LocalStoreOptions& options,
                                                           const model::Clock* clock,
                                                           const model::TenantRegistry* tenants);

// Reads everything in a storage directory (log and store) without changing it, and lists what is
// damaged. FailedPrecondition when it is held by a running process.
absl::StatusOr<std::vector<StorageDamage>> CheckStorage(const std::string& directory);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_STORE_H_
