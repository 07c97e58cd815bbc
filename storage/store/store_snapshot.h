// A copy of a store that can be opened on its own.
#ifndef TIDEGATE_STORAGE_STORE_STORE_SNAPSHOT_H_
#define TIDEGATE_STORAGE_STORE_STORE_SNAPSHOT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "storage/store/segment_store.h"

namespace tidegate::storage {

// Makes PARENT/NAME/store and returns NAME: the time in UTC and random digits, as Prometheus names
// its snapshots. It appears under that name whole or not at all; a draft that a crash left is
// removed by the next one. Errors: what Checkpoint returns, Unavailable for directories.
absl::StatusOr<std::string> TakeSnapshot(const std::string& parent, absl::Time now,
                                         SegmentStore* store);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_STORE_STORE_SNAPSHOT_H_
