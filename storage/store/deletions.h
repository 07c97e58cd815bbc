// Deletions that were made and are not yet applied to every segment.
#ifndef TIDEGATE_STORAGE_STORE_DELETIONS_H_
#define TIDEGATE_STORAGE_STORE_DELETIONS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/status/statusor.h"
#include "model/matcher.h"
#include "model/sample.h"
#include "storage/page/series_index.h"
#include "storage/store/segment_entry.h"

namespace tidegate::storage {

// One deletion as it is kept. A segment whose `deletions_applied` is at least `number` is not
// concerned: it was stored later, or was written anew without what is hidden.
struct StoredDeletion {
  uint64_t number = 0;
  std::string tenant;
  model::TimeRange range;
  std::vector<model::Matcher> matchers;

  friend bool operator==(const StoredDeletion&, const StoredDeletion&) = default;
};

// docs/formats/catalogue.md.
std::string EncodeDeletion(const StoredDeletion& deletion);
// DataLoss when the bytes are damaged; FailedPrecondition for a newer version.
absl::StatusOr<StoredDeletion> DecodeDeletion(std::string_view bytes);

// A deletion ready to be asked. Immutable.
struct ActiveDeletion {
  StoredDeletion stored;
  std::vector<model::CompiledMatcher> matchers;
};

// Immutable; ascending by number.
using DeletionList = std::vector<std::shared_ptr<const ActiveDeletion>>;

// Whether the deletion hides anything in the segment, as far as the catalogue tells.
bool Concerns(const StoredDeletion& deletion, const SegmentEntry& entry);

// Parts of a range. One is the usual case.
using RangeParts = absl::InlinedVector<model::TimeRange, 1>;

// What the deletions hide in one segment. Immutable once made.
class SegmentDeletions {
 public:
  // Those of the list that concern the segment; the index is that segment's.
  SegmentDeletions(const DeletionList& deletions, const SegmentEntry& entry,
                   const SeriesIndex& index);

  bool empty() const { return hidden_.empty(); }
  // What of the range is left to read of a series; ascending, may be empty.
  RangeParts Kept(uint32_t series, const model::TimeRange& range) const;
  // Takes out the series of which nothing in the segment is left, as far as single deletions tell.
  void DropHidden(std::vector<uint32_t>* series) const;

 private:
  struct Hidden {
    std::vector<uint32_t> series;  // Ascending.
    model::TimeRange range;
  };

  model::TimeRange segment_range_;
  std::vector<Hidden> hidden_;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_STORE_DELETIONS_H_
