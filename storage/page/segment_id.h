// The identity of a segment and the keys of its pages (docs/formats/keys.md).
//
//   tenant 0x00 | origin (1) | position (8) | producer (8) | span begin (8) | span width (1) |
//   ordinal (4) | kind (1)                                                        big endian
//
// Everything of a segment is one contiguous range of keys, so that a segment is one file that
// overlaps no other. Pages are numbered in the order in which they are made; the index comes last.
#ifndef TIDEGATE_STORAGE_PAGE_SEGMENT_ID_H_
#define TIDEGATE_STORAGE_PAGE_SEGMENT_ID_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "storage/log.h"
#include "storage/store.h"

namespace tidegate::storage {

// What a page holds. Values are stored.
enum class PageKind : uint8_t {
  kFloat = 1,
  kHistogram = 2,
  kExemplar = 3,
  // 4 held log entries as records, in storage format 1.
  kMetricIndex = 5,  // Series of kFloat, kHistogram and kExemplar pages.
  kStreamIndex = 6,  // Streams of kLogPage pages.
  // The three values of a log page; they share an ordinal, and only the first has an entry in the
  // index.
  kLogPage = 7,
  kLogLines = 8,
  kLogMetadata = 9,
  kLogOutlines = 10,  // What searches ask of all log pages first; one value, or none.
};

// Who made a segment. Values are stored.
enum class SegmentOrigin : uint8_t { kCut = 1, kMerge = 2 };

// Unique within a store. A cut that is sealed again after a crash has the same identity.
struct SegmentId {
  std::string tenant;  // A valid tenant name: never contains a zero byte.
  SegmentOrigin origin = SegmentOrigin::kCut;
  LogPosition position;   // Of the cut; for a merge the number of the merge.
  uint64_t producer = 0;  // Of the cut; 0 for a merge.
  PartitionSpan span;     // What it was built for; SegmentBuilder fills it in.

  friend auto operator<=>(const SegmentId&, const SegmentId&) = default;
};

// Ordinals of the outlines and the two index pages; data pages count from 0.
inline constexpr uint32_t kLogOutlinesOrdinal = 0xFFFFFFFD;
inline constexpr uint32_t kMetricIndexOrdinal = 0xFFFFFFFE;
inline constexpr uint32_t kStreamIndexOrdinal = 0xFFFFFFFF;

// The bytes that every key of the segment starts with, and no other key.
std::string SegmentKeyPrefix(const SegmentId& id);
std::string PageKey(const SegmentId& id, uint32_t ordinal, PageKind kind);

struct ParsedPageKey {
  SegmentId id;
  uint32_t ordinal = 0;
  PageKind kind = PageKind::kFloat;
};
// DataLoss when the key is not one of ours.
absl::StatusOr<ParsedPageKey> ParsePageKey(std::string_view key);

// "tenant a, cut 4711 of producer 1": for texts that a person reads.
std::string ToString(const SegmentId& id);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_PAGE_SEGMENT_ID_H_
