// The growing end of a log: writes frames into segments and syncs them.
#ifndef TIDEGATE_STORAGE_LOG_LOG_TAIL_H_
#define TIDEGATE_STORAGE_LOG_LOG_TAIL_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "storage/files/file_system.h"
#include "storage/log/frame_buffer.h"
#include "storage/log/segment_chain.h"
#include "storage/log/segment_files.h"

namespace tidegate::storage {

// Owned by the log's writer thread. Knows nothing of waiters and policies: after an error from any
// call the caller calls Abandon, and later StartSegment.
class LogTail {
 public:
  struct Options {
    uint64_t log_id = 0;
    uint64_t epoch = 0;
    uint64_t last_number = 0;  // Of the segments that exist.
    uint64_t end = 0;          // Everything before is synced.
  };
  // `on_segment` is called with each new segment before anything is written into it.
  LogTail(SegmentFiles& files, const Options& options,
          std::function<void(const SegmentInfo&)> on_segment);

  // Begins a segment whose first frame stands at `base`. Earlier frames count up to synced(); when
  // `base` is larger, the positions between were given up.
  absl::Status StartSegment(uint64_t base);

  // Writes the frames of `frames` from position `from` on, the one at which the tail stands. Goes
  // on to a new segment where one is full; the full one is synced first.
  absl::Status Write(FrameBuffer& frames, uint64_t from);

  // After Abandon: writes and syncs the frames of `groups` from synced() on once more, in a segment
  // that becomes part of the log when all of them are in it: until then the abandoned one counts.
  absl::Status WriteAgain(std::deque<FrameBuffer>& groups);

  // What was written is on the disk afterwards.
  absl::Status Sync();

  // Notes behind the last frame that everything was synced. Costs a small write and no sync; the
  // next frame overwrites it. Only evidence: an error is not reported.
  void Seal();

  // After an error: the segment counts up to synced() and is never written again. A sync is not
  // tried again either: the kernel may have dropped the pages.
  void Abandon();

  // Syncs, seals, syncs, and gives back what was allocated and not used. The next frame starts a
  // segment. After an error, synced() tells whether it was the first sync that failed; if not, the
  // tail is fit for use.
  absl::Status Finish();

  uint64_t written() const { return written_; }
  uint64_t synced() const { return synced_; }

 private:
  absl::Status MakeRoom(uint64_t frame_bytes);
  // The header of the next segment, whose first frame stands at `base`.
  void NextHeader(uint64_t base);
  // Makes the segment part of the log; everything before `end` is synced then.
  absl::Status Publish(SegmentFiles::Prepared segment, uint64_t end);
  // Completes the headers of the frames in [from, to) and writes them into `file`.
  absl::Status WriteRun(File& file, FrameBuffer& frames, uint64_t from, uint64_t to);
  // Do the frames up to `position` leave room for a seal in the segment?
  bool Fits(uint64_t position) const;
  uint64_t Offset(uint64_t position) const;

  SegmentFiles& files_;
  const Options options_;
  const std::function<void(const SegmentInfo&)> on_segment_;
  std::unique_ptr<File> file_;  // Null before the first frame, after Abandon and Finish.
  SegmentHeader header_;        // Of the newest segment.
  uint64_t written_;
  uint64_t synced_;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_LOG_LOG_TAIL_H_
