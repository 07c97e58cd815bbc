// Makes, recycles and removes the files of a log directory.
#ifndef TIDEGATE_STORAGE_LOG_SEGMENT_FILES_H_
#define TIDEGATE_STORAGE_LOG_SEGMENT_FILES_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "storage/files/file_system.h"
#include "storage/log/log_format.h"

namespace tidegate::storage {

// Thread safe: one thread starts segments while others recycle. A spare is a file of the size of a
// segment whose blocks were written before: syncing into it costs half of what syncing into new
// blocks costs.
class SegmentFiles {
 public:
  // At most `max_spares` are kept; what is beyond is removed.
  SegmentFiles(FileSystem& file_system, std::string directory, uint64_t segment_bytes,
               size_t max_spares);

  // A segment that is not part of the log yet: it has its header and its space, but not its name.
  struct Prepared {
    std::unique_ptr<File> file;
    std::string path;
  };
  // Makes one out of a spare or of nothing. ResourceExhausted when the disk is full; nothing
  // remains then.
  absl::StatusOr<Prepared> Prepare(const SegmentHeader& header);

  // Makes it part of the log: syncs it, gives it its name, and syncs that. So a file with a
  // segment's name has had an intact header, and whatever else was written before. After an error
  // nothing remains.
  absl::Status Publish(const Prepared& segment, const SegmentHeader& header);

  void Discard(const Prepared& segment) { RemoveQuietly(segment.path); }

  // Takes a file that holds nothing any more; a spare if there is room. `reusable` = nobody reads
  // from it.
  void Recycle(const std::string& path, bool reusable) ABSL_LOCKS_EXCLUDED(mu_);

  absl::Status RemoveSpares() ABSL_LOCKS_EXCLUDED(mu_);

  // Synced. Written in place, within one sector: a trim must work when the disk is full.
  absl::Status WriteState(const LogState& state);

  std::string PathOf(const SegmentHeader& header) const;
  uint64_t segment_bytes() const { return segment_bytes_; }

 private:
  std::string Path(std::string_view name) const;
  // The path of a spare, or one where nothing stands yet.
  std::string TakeSpare() ABSL_LOCKS_EXCLUDED(mu_);
  absl::StatusOr<std::unique_ptr<File>> Allocate(const std::string& path);
  void RemoveQuietly(const std::string& path);

  FileSystem& file_system_;
  const std::string directory_;
  const uint64_t segment_bytes_;
  const size_t max_spares_;
  absl::Mutex mu_;
  std::vector<std::string> spares_ ABSL_GUARDED_BY(mu_);
  uint64_t next_spare_ ABSL_GUARDED_BY(mu_) = 0;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_LOG_SEGMENT_FILES_H_
