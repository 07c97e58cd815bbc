// The seam between storage and the disk: what a log needs of a file system, and no more.
//
// It exists so that a test can lose power, fill the disk or break a sync at any operation. The
// vocabulary is POSIX, with its traps kept: data is on the disk after File::Sync only, and a name
// (created, renamed or removed) after FileSystem::SyncDirectory only.
//
// Errors: ResourceExhausted when the disk or a quota is full; NotFound; AlreadyExists;
// PermissionDenied (also a read-only file system); Unavailable for everything else, an I/O error
// above all. Messages name the operation and the path.
#ifndef TIDEGATE_STORAGE_FILES_FILE_SYSTEM_H_
#define TIDEGATE_STORAGE_FILES_FILE_SYSTEM_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace tidegate::storage {

// An open file; closed by the destructor. Reads may run beside each other and beside one writer.
// The file may be renamed or removed meanwhile; it stays what it was.
class File {
 public:
  virtual ~File() = default;

  // Reads at `offset` until `into` is full or the file ends; returns the number of bytes read.
  virtual absl::StatusOr<size_t> Read(uint64_t offset, std::span<char> into) const = 0;
  // Writes all of `bytes` at `offset`; the file grows as needed. After an error any part of them
  // may have been written.
  virtual absl::Status Write(uint64_t offset, std::string_view bytes) = 0;
  // What was written is on the disk afterwards, and so is the size (fdatasync). After an error
  // nothing is known about what was written since the last success, and nothing can be learnt by
  // trying again: the kernel may have dropped the pages and report success next time.
  virtual absl::Status Sync() = 0;
  virtual absl::Status Truncate(uint64_t size) = 0;
  // Makes the file at least `size` bytes long with its space reserved: writes below `size` do not
  // find the disk full. New bytes read as zeros.
  virtual absl::Status Allocate(uint64_t size) = 0;
  virtual absl::StatusOr<uint64_t> Size() const = 0;
};

enum class OpenMode {
  kRead,       // NotFound if it is not there.
  kReadWrite,  // NotFound if it is not there.
  kCreate,     // Read and write; made empty if it is not there.
};

// Released by the destructor, or by the death of the process.
class FileLock {
 public:
  virtual ~FileLock() = default;
};

enum class LockMode { kShared, kExclusive };

// Thread safe. Paths are those of the operating system; '/' separates.
class FileSystem {
 public:
  virtual ~FileSystem() = default;

  virtual absl::StatusOr<std::unique_ptr<File>> Open(const std::string& path, OpenMode mode) = 0;
  // Also makes the missing parents and syncs their names. Ok if it is there already.
  virtual absl::Status CreateDirectory(const std::string& path) = 0;
  // The names (not paths) of the plain files in a directory, sorted.
  virtual absl::StatusOr<std::vector<std::string>> List(const std::string& directory) = 0;
  // Both paths in one directory. Replaces `to`.
  virtual absl::Status Rename(const std::string& from, const std::string& to) = 0;
  virtual absl::Status Remove(const std::string& path) = 0;
  // Names created, renamed or removed before are on the disk afterwards.
  virtual absl::Status SyncDirectory(const std::string& directory) = 0;
  // Locks a file or directory that is there, against other processes and against this one, without
  // waiting: FailedPrecondition when it is held.
  virtual absl::StatusOr<std::unique_ptr<FileLock>> Lock(const std::string& path,
                                                         LockMode mode) = 0;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_FILES_FILE_SYSTEM_H_
