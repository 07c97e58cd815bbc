// The epoch of a log directory: fencing against a writer that does not know it was replaced.
#ifndef TIDEGATE_STORAGE_LOG_EPOCH_FILE_H_
#define TIDEGATE_STORAGE_LOG_EPOCH_FILE_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/files/file_system.h"

namespace tidegate::storage {

// Thread safe: immutable but for the file, which is written in place, in one sector, under a lock
// of its own. So the directory's owner can hold its lock while somebody else raises the epoch.
class EpochFile {
 public:
  // Makes the file if it is missing.
  static absl::StatusOr<EpochFile> Open(FileSystem& file_system, const std::string& directory);

  // Compare and set: raises the epoch to `epoch` and syncs; Ok too if it stands there already.
  // Aborted if a higher one was seen, here or as `seen_elsewhere`. A damaged file counts as 0.
  absl::Status Raise(uint64_t epoch, uint64_t seen_elsewhere) const;

  // The epoch now; 0 for an empty file. DataLoss when the bytes are not intact, which a concurrent
  // Raise can cause for a moment. Costs one small read.
  absl::StatusOr<uint64_t> Read() const;

 private:
  EpochFile(FileSystem& file_system, std::string path, std::unique_ptr<File> file)
      : file_system_(&file_system), path_(std::move(path)), file_(std::move(file)) {}

  FileSystem* file_system_;
  std::string path_;
  std::unique_ptr<File> file_;
};

// Ends the tenure of every writer with an epoch below `epoch`: a live one answers Aborted from its
// next group on, and none can open the directory. The way to take a log from a process that hangs.
absl::Status FenceLocalLog(FileSystem& file_system, const std::string& directory, uint64_t epoch);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_LOG_EPOCH_FILE_H_
