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

// Points before `keep_from` have expired and are left out. Memory: one group of siblings per input.
// DataLoss: an input has a damaged page; nothing is changed, so that the bytes stay for whoever can
// still save something, and the input is added to `damaged`. Aborted: an input is gone. Cancelled:
// `stop` became true.
absl::StatusOr<MergeResult> ExecuteMerge(const MergePlan& plan, model::TimestampMs keep_from,
                                         const std::atomic<bool>& stop, SegmentStore* store,
                                         std::set<SegmentId>* damaged);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_MAINTENANCE_MERGE_EXECUTOR_H_
