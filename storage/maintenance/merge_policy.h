// What to merge next: a pure function of the catalogue and the time.
#ifndef TIDEGATE_STORAGE_MAINTENANCE_MERGE_POLICY_H_
#define TIDEGATE_STORAGE_MAINTENANCE_MERGE_POLICY_H_

#include <optional>
#include <set>
#include <vector>

#include "model/sample.h"
#include "storage/page/segment_id.h"
#include "storage/store.h"
#include "storage/store/segment_entry.h"

namespace tidegate::storage {

struct MergePolicy {
  // This many segments of one tenant beside each other in a partition, of about the same size,
  // become one. Merging eight at a time rewrites a sample once per factor of eight.
  size_t fan_in = 8;
  // Column families; beyond it narrow partitions move to wider ones before their time.
  size_t max_partitions = 64;
};

// Segments of one tenant that become one segment in the target partition. At least one input; the
// inputs need not be in the target yet.
struct MergePlan {
  PartitionSpan target;
  std::vector<SegmentId> inputs;  // Ascending by rank.
};

// The most useful merge, or none. In this order: partitions whose wider span has passed move there;
// too many partitions: the oldest narrow ones move; many segments in one partition become one.
// Inputs are closed under rank: no segment that overlaps them in time, lies inside the target and
// ranks between two of them stays out, so that the first stored value wins after the merge as
// before it. `damaged` segments are never inputs, and no plan reaches over one: what ranks behind
// it stays behind it.
std::optional<MergePlan> PickMerge(const std::vector<SegmentEntry>& segments,
                                   const std::set<SegmentId>& damaged, model::TimestampMs now,
                                   const MergePolicy& policy);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_MAINTENANCE_MERGE_POLICY_H_
