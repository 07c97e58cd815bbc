// What the catalogue says about one segment, and its bytes (docs/formats/catalogue.md).
#ifndef TIDEGATE_STORAGE_STORE_SEGMENT_ENTRY_H_
#define TIDEGATE_STORAGE_STORE_SEGMENT_ENTRY_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "model/sample.h"
#include "storage/page/segment_id.h"
#include "storage/store.h"

namespace tidegate::storage {

struct SegmentEntry {
  SegmentId id;
  // Where the pages lie; may be wider than what the cut asked for.
  PartitionSpan partition;
  // Order of first storage: at equal timestamps the sample of the lower rank is the one that
  // counts. A merge inherits the least rank of its inputs.
  uint64_t rank = 0;
  model::TimeRange range;
  uint64_t series = 0;
  uint64_t samples = 0;
  uint64_t bytes = 0;  // On disk.
  // Deletions up to this number do not concern it: it was stored later, or they are applied.
  uint64_t deletions_applied = 0;

  friend bool operator==(const SegmentEntry&, const SegmentEntry&) = default;
};

// u8(version = 2; version 1 had no deletions), then the fields; xxh3-64 of all before it at the
// end.
std::string EncodeSegmentEntry(const SegmentEntry& entry);
// DataLoss when the bytes are damaged; FailedPrecondition for a newer version.
absl::StatusOr<SegmentEntry> DecodeSegmentEntry(std::string_view bytes);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_STORE_SEGMENT_ENTRY_H_
