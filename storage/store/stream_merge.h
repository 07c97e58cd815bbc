// Joins what several segments hold of one log stream, page by page.
#ifndef TIDEGATE_STORAGE_STORE_STREAM_MERGE_H_
#define TIDEGATE_STORAGE_STORE_STREAM_MERGE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "storage/log_source.h"
#include "storage/page/segment_reader.h"
#include "storage/store/read_ahead.h"

namespace tidegate::storage {

// One stream's entries in a selection's order; entries at one nanosecond by rank, then by arrival
// (backward: the reverse). An entry that several segments hold comes once. Holds one page per
// segment, and lines and metadata beyond what is wanted only of pages that overlap in time. Owned
// by one thread. Errors: those of SegmentReader.
class StreamMerge {
 public:
  struct Input {
    SegmentReader* reader = nullptr;  // Outlives the merge.
    uint32_t series = 0;
  };
  // Inputs ascend by rank. `read` says what is wanted; its filters outlive the merge, and so does
  // `ahead`, which reads the next pages on several threads; nullptr = each when it is wanted.
  StreamMerge(std::vector<Input> inputs, const LogRead& read, ReadAhead* ahead = nullptr);

  // The next entries, without `stream`; empty at the end. What was scanned is counted in the batch
  // that is returned next.
  absl::StatusOr<LogBatch> Next();

  // From here on entries outside the range are not wanted,
  void Narrow(const LogRange& range);
  // and no more than so many.
  void Narrow(uint64_t most) { read_.most = most; }

 private:
  // One segment's part of the walk.
  struct Cursor {
    Input input;
    std::vector<const PageEntry*> pages;  // In the order of the walk.
    size_t page = 0;
    // Of the stream in the page, clipped to the range; unset when it is not known yet.
    std::optional<LogRange> times;
    std::shared_ptr<const LogBatch> part;  // All columns of the page's entries, ascending.
    size_t taken = 0;                      // Entries of `part` that lie behind.
  };
  // An entry of a part.
  struct Entry {
    std::shared_ptr<const LogBatch> part;
    size_t index = 0;
    size_t cursor = 0;
  };

  bool forward() const { return read_.order == LogOrder::kForward; }
  bool Before(model::TimestampNs a, model::TimestampNs b) const {
    return forward() ? a < b : a > b;
  }
  void LookAhead(const Cursor& cursor);
  std::vector<ReadAhead::Page> NextPages() const;
  absl::StatusOr<bool> Settle(Cursor* cursor);
  void Advance(Cursor* cursor);
  size_t IndexOf(const Cursor& cursor) const;
  model::TimestampNs NextTime(const Cursor& cursor) const;
  model::TimestampNs PageEnd(const Cursor& cursor) const;
  bool StandsAlone(size_t cursor) const;
  absl::StatusOr<LogBatch> TakePage(Cursor* cursor);
  absl::Status LoadPart(Cursor* cursor);
  absl::StatusOr<bool> LoadAt(model::TimestampNs time);
  absl::Status TakeGroup(model::TimestampNs time);
  LogBatch TakeMerged();
  void CountScanned(LogBatch* batch);

  LogRead read_;
  ReadAhead* const ahead_;
  std::vector<Cursor> cursors_;  // Ascending by rank; those at their end are gone.
  std::vector<Entry> merged_;    // In the order of the walk, not handed out yet.
  uint64_t merged_bytes_ = 0;
  std::optional<model::TimestampNs> last_merged_;  // Time of the last group.
  uint64_t lines_scanned_ = 0;
  uint64_t bytes_scanned_ = 0;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_STORE_STREAM_MERGE_H_
