// One cut on its way into the segment store.
#ifndef TIDEGATE_STORAGE_STORE_SEGMENT_HAND_OVER_H_
#define TIDEGATE_STORAGE_STORE_SEGMENT_HAND_OVER_H_

#include <vector>

#include "absl/status/status.h"
#include "storage/store.h"
#include "storage/store/segment_store.h"

namespace tidegate::storage {

// Owned by one thread. Each segment becomes a synced file when it is added, so that memory holds
// one segment at most. The store must outlive it.
class SegmentHandOver final : public HandOver {
 public:
  SegmentHandOver(SegmentStore* store, uint64_t producer, LogPosition position)
      : store_(store), producer_(producer), position_(position) {}

  // InvalidArgument when the pages do not belong to this cut, tenant or partition.
  absl::Status Add(SealedSegment segment) override;
  absl::Status Commit() override;

 private:
  absl::Status CheckSegment(const SegmentId& id, const SealedSegment& segment) const;

  SegmentStore* const store_;
  const uint64_t producer_;
  const LogPosition position_;
  std::vector<PendingSegment> segments_;
  bool committed_ = false;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_STORE_SEGMENT_HAND_OVER_H_
