// Carries out a merge: reads the inputs together, encodes them anew, commits through the catalogue.
#ifndef TIDEGATE_STORAGE_MAINTENANCE_MERGE_EXECUTOR_H_
#define TIDEGATE_STORAGE_MAINTENANCE_MERGE_EXECUTOR_H_

#include <atomic>
#include <cstdint>
#include <set>

#include "absl/status/statusor.h"
#include "model/sample.h"
#include "storage/maintenance/merge_policy.h"
#include "storage/store/segment_store.h"

namespace tidegate::storage {

struct MergeResult {
  uint64_t samples_read = 0;
  uint64_t samples_written = 0;
  uint64_t conflicts = 0;  // Values that lost against an earlier one, for good.
};

struct MergeTimes {
  model::TimestampMs now = 0;
  model::TimestampMs keep_from = model::kMinTimestamp;  // Points before it have expired.
};

// Expired points are left out. Memory: one group of siblings per input.
// DataLoss: an input has a damaged page; nothing is changed, so that the bytes stay for whoever can
// still save something, and the input is added to `damaged`. Aborted: an input is gone, or
// something that can still be cancelled hides a part of it. Cancelled: `stop` became true.
absl::StatusOr<MergeResult> ExecuteMerge(const MergePlan& plan, const MergeTimes& times,
                                         const std::atomic<bool>& stop, SegmentStore* store,
                                         std::set<SegmentId>* damaged);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_MAINTENANCE_MERGE_EXECUTOR_H_
