// Finds the intact frames of one segment file, in order, whatever lies between them.
#ifndef TIDEGATE_STORAGE_LOG_FRAME_SCANNER_H_
#define TIDEGATE_STORAGE_LOG_FRAME_SCANNER_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "storage/files/file_system.h"
#include "storage/log/log_format.h"

namespace tidegate::storage {

struct ScannedFrame {
  uint64_t begin = 0;             // Position of its header.
  uint64_t after = 0;             // Position behind it; equals `begin` for a seal.
  uint64_t synced_before = 0;     // Everything before this was on the disk when it was written.
  std::string_view payload = {};  // Empty for a seal. Valid until the next call.
};

// Owned by one thread; `file` must outlive it. Reads windows of a megabyte, whatever the file's
// size. Time is linear in the bytes passed, also for hostile ones: a payload is only hashed behind
// a header whose own check is right.
class FrameScanner {
 public:
  // Positions in [from, limit) are looked at; a frame that reaches beyond `limit` does not count.
  // `header.identity` and `header.base` say what a valid frame is.
  FrameScanner(const File& file, const SegmentHeader& header, uint64_t from, uint64_t limit);

  // The next intact frame or seal. When its `begin` is not where the one before ended, the bytes
  // between are not intact. Pages that the disk does not give are passed over like damage. nullopt
  // at the limit or the file's end; an error only when not even the file's size can be learnt.
  absl::StatusOr<std::optional<ScannedFrame>> Next();

  // Behind the last page passed that could not be read; 0 if all could.
  uint64_t unreadable_end() const { return unreadable_end_; }

 private:
  // The frame at `position`, if an intact one stands there.
  absl::StatusOr<std::optional<ScannedFrame>> At(uint64_t position);
  // Up to `length` bytes of the file; fewer at its end.
  absl::StatusOr<std::string_view> View(uint64_t offset, uint64_t length);
  // Fills the window page by page, with zeros where a page cannot be read.
  absl::StatusOr<size_t> ReadPages(uint64_t offset);

  const File& file_;
  const SegmentIdentity identity_;
  const uint64_t base_;
  const uint64_t limit_;
  uint64_t cursor_;
  std::vector<char> window_;
  uint64_t window_offset_ = 0;
  uint64_t window_bytes_ = 0;
  uint64_t unreadable_end_ = 0;
};

// Where the last segment of a log ends.
struct SegmentTail {
  uint64_t end = 0;     // Behind the last frame that counts.
  uint64_t synced = 0;  // Everything before is known to be on the disk.
  bool sealed = false;  // An intact seal stands at `end`: nothing is torn, everything was synced.
  // First position of what was cut off, if anything but zeros was found there.
  std::optional<uint64_t> torn = {};
};

// A hole counts as damage (and what follows it as valid) when a later frame or seal proves that it
// had been synced, or when a page at or behind it cannot be read: what it held may have been
// acknowledged, and so may the frames before it; otherwise it is what a crash leaves of frames that nobody was told are safe, and
// the log ends before it.
absl::StatusOr<SegmentTail> FindSegmentTail(const File& file, const SegmentHeader& header);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_LOG_FRAME_SCANNER_H_
