// The segments that exist at one moment, open for reading.
#ifndef TIDEGATE_STORAGE_STORE_SEGMENT_SET_H_
#define TIDEGATE_STORAGE_STORE_SEGMENT_SET_H_

#include <memory>
#include <vector>

#include "storage/partition/page_store.h"
#include "storage/store/deletions.h"
#include "storage/store/segment_entry.h"

namespace tidegate::storage {

// Immutable. Whoever holds it can read its pages, whatever the catalogue says meanwhile.
struct Segment {
  SegmentEntry entry;
  std::shared_ptr<const Partition> partition;
};

using SegmentList = std::vector<std::shared_ptr<const Segment>>;

// Immutable; ascending by rank.
struct SegmentSet {
  SegmentList segments;
  DeletionList deletions;  // Of all tenants.

  uint64_t last_deletion() const { return deletions.empty() ? 0 : deletions.back()->stored.number; }
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_STORE_SEGMENT_SET_H_
