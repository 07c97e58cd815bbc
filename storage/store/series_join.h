// Walks the matching series of several segments together, in the order of series_order.h: every
// label set once, with the segments that hold it.
#ifndef TIDEGATE_STORAGE_STORE_SERIES_JOIN_H_
#define TIDEGATE_STORAGE_STORE_SERIES_JOIN_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "model/labels.h"
#include "storage/page/segment_reader.h"
#include "storage/page/series_index.h"
#include "storage/store/deletions.h"
#include "storage/store/point_merge.h"
#include "storage/store/segment_set.h"

namespace tidegate::storage {

// One segment's part of the walk. Owned by the join.
struct JoinInput {
  std::shared_ptr<const Segment> segment;
  std::shared_ptr<const SeriesIndex> index;
  std::vector<uint32_t> series;  // Ascending.
  std::unique_ptr<SegmentReader> reader;
  std::unique_ptr<const SegmentDeletions> deletions;  // Of this segment; nullptr = none.
};

// Owned by one thread. Because all segments are in one order, each is read forward only, and memory
// is bounded by a group of siblings per segment.
class SeriesJoin {
 public:
  // Inputs ascend by rank.
  explicit SeriesJoin(std::vector<JoinInput> inputs);

  // A series of one input.
  struct Member {
    SegmentReader* reader = nullptr;
    uint32_t series = 0;
    const SegmentDeletions* deletions = nullptr;

    // What of the range no deletion hides.
    RangeParts Kept(const model::TimeRange& range) const {
      return deletions == nullptr ? RangeParts{range} : deletions->Kept(series, range);
    }
  };

  // Moves to the next label set; false at the end.
  bool Next();
  const model::Labels& labels() const { return labels_; }
  const std::vector<Member>& members() const { return members_; }  // Ascending by rank.
  model::Labels TakeLabels() { return std::move(labels_); }

 private:
  struct Cursor {
    JoinInput input;
    LabelWalker walker;
    size_t next = 0;
    model::Labels labels;  // Of input.series[next].
  };
  // True while the cursor stands on a series.
  static bool Load(Cursor* cursor);
  // Heap order: the cursor with the least labels, then the least rank, is on top.
  bool Later(size_t a, size_t b) const;

  std::vector<Cursor> cursors_;
  std::vector<size_t> heap_;
  model::Labels labels_;
  std::vector<Member> members_;
};

// Appends the float samples and histograms of a member that lie in the range.
absl::Status ReadPoints(const SeriesJoin::Member& member, const model::TimeRange& range,
                        SegmentPoints* points);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_STORE_SERIES_JOIN_H_
