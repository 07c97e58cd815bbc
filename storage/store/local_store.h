// The store of this process: puts directory, RocksDB, catalogue, queries and maintenance together.
#ifndef TIDEGATE_STORAGE_STORE_LOCAL_STORE_H_
#define TIDEGATE_STORAGE_STORE_LOCAL_STORE_H_

#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"
#include "storage/rocks/rocks.h"
#include "storage/store.h"

namespace tidegate::storage {

// Figures for self-metrics and tests.
struct StoreStats {
  uint64_t partitions = 0;
  uint64_t segments = 0;
  uint64_t samples = 0;
  uint64_t bytes = 0;          // Of the segments' files.
  uint64_t conflicts = 0;      // Points that lost against an earlier value at their timestamp.
  uint64_t damaged_pages = 0;  // Found since the start, left out of answers.
  uint64_t damaged_files = 0;  // Found by the opening.
};

// OpenLocalStore's body, with RocksDB as it was opened by the caller: for tests that put a faulty
// disk under it. `rocks` is taken; the directory's lock is the caller's business.
absl::StatusOr<std::unique_ptr<LocalStore>> MakeLocalStore(const LocalStoreOptions& options,
                                                           const model::Clock* clock,
                                                           const model::TenantRegistry* tenants,
                                                           std::unique_ptr<Rocks> rocks);

// Of a store that OpenLocalStore or MakeLocalStore made.
StoreStats StatsOf(const LocalStore& store);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_STORE_LOCAL_STORE_H_
