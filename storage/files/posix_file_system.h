// FileSystem on the operating system's calls.
#ifndef TIDEGATE_STORAGE_FILES_POSIX_FILE_SYSTEM_H_
#define TIDEGATE_STORAGE_FILES_POSIX_FILE_SYSTEM_H_

#include <memory>
#include <string>
#include <vector>

#include "storage/files/file_system.h"

namespace tidegate::storage {

// Has no state of its own; any number may exist. Calls that a signal interrupts are repeated, and
// short reads and writes go on where they stopped. Locks are flock's: they belong to the open file
// and end with the process, also by SIGKILL.
class PosixFileSystem final : public FileSystem {
 public:
  absl::StatusOr<std::unique_ptr<File>> Open(const std::string& path, OpenMode mode) override;
  absl::Status CreateDirectory(const std::string& path) override;
  absl::StatusOr<std::vector<std::string>> List(const std::string& directory) override;
  absl::Status Rename(const std::string& from, const std::string& to) override;
  absl::Status Remove(const std::string& path) override;
  absl::Status SyncDirectory(const std::string& directory) override;
  absl::StatusOr<std::unique_ptr<FileLock>> Lock(const std::string& path, LockMode mode) override;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_FILES_POSIX_FILE_SYSTEM_H_
