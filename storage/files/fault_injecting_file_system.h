// A file system in memory that loses power, fills up and breaks on demand; tests only.
//
// It keeps two states of everything: what programs see, and what the disk holds. Crash() throws
// the first away and builds a new one out of the second and some of what was not synced: any
// subset of the written 4 KB pages, pages torn at 512-byte sectors, any of the sizes in between,
// and any subset of the changes of names. That is as nasty as a disk behind a write-back cache may
// be, and nastier than most.
#ifndef TIDEGATE_STORAGE_FILES_FAULT_INJECTING_FILE_SYSTEM_H_
#define TIDEGATE_STORAGE_FILES_FAULT_INJECTING_FILE_SYSTEM_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "storage/files/file_system.h"

namespace tidegate::storage {

enum class FileOperation { kWrite, kSync, kAllocate, kTruncate, kOpen, kRename, kRemove, kSyncDir };

// Thread safe. Outlives the files and locks that it gave out. Directories are made by
// CreateDirectory and survive every crash; there is no nesting to speak of: a path's directory is
// what stands before its last slash.
class FaultInjectingFileSystem final : public FileSystem {
 public:
  FaultInjectingFileSystem();
  ~FaultInjectingFileSystem() override;

  // The disk as a process sees it that starts now: dead like its files after the next crash or
  // kill, so that a thread that has not noticed yet changes nothing any more.
  static std::unique_ptr<FileSystem> Mount(std::shared_ptr<FaultInjectingFileSystem> disk);

  // The power fails. Mounts, files and locks given out before are dead: every call on them answers
  // Unavailable and changes nothing.
  void Crash(uint64_t seed);
  // The same, in place of the `after`-th next operation of this kind (1 is the very next).
  void CrashAt(FileOperation operation, int after, uint64_t seed);
  // The process dies and the power stays: the same, but nothing that was written is lost.
  void Kill();

  // From the `after`-th next operation of this kind on (1 is the very next), `times` of them fail
  // with `error`. A failing sync behaves like Linux: the pages count as clean afterwards, a later
  // sync says Ok, and a crash loses them. A failing write leaves the first half.
  void FailOperations(FileOperation operation, int after, int times, const absl::Status& error);
  // Nothing is armed any more, no crash either.
  void StopFailing();

  // The disk's size: writes beyond it and allocations are answered with ResourceExhausted.
  void SetCapacity(std::optional<uint64_t> bytes);

  // What a program sees, for looking at bytes and for flipping them (both states are changed).
  std::string Contents(const std::string& path) const;
  void SetContents(const std::string& path, const std::string& contents);
  // From now on reads that touch [begin, end) of the file fail, until SetContents.
  void BreakBytes(const std::string& path, uint64_t begin, uint64_t end);
  uint64_t BytesUsed() const;
  int Count(FileOperation operation) const;

  absl::StatusOr<std::unique_ptr<File>> Open(const std::string& path, OpenMode mode) override;
  absl::Status CreateDirectory(const std::string& path) override;
  absl::StatusOr<std::vector<std::string>> List(const std::string& directory) override;
  absl::Status Rename(const std::string& from, const std::string& to) override;
  absl::Status Remove(const std::string& path) override;
  absl::Status SyncDirectory(const std::string& directory) override;
  absl::StatusOr<std::unique_ptr<FileLock>> Lock(const std::string& path, LockMode mode) override;

 private:
  friend class FaultInjectingFile;
  friend class FaultInjectingLock;
  friend class MountedFileSystem;
  struct Inode;
  struct Directory;
  struct Fault {
    int after;
    int times;
    absl::Status error;
  };
  struct ArmedCrash {
    FileOperation operation;
    int after;
    uint64_t seed;
  };
  struct LockState {
    int shared = 0;
    bool exclusive = false;
  };

  absl::StatusOr<std::unique_ptr<File>> OpenLocked(const std::string& path, OpenMode mode)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  absl::Status CreateDirectoryLocked(const std::string& path) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  absl::StatusOr<std::vector<std::string>> ListLocked(const std::string& directory)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  absl::Status RenameLocked(const std::string& from, const std::string& to)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  absl::Status RemoveLocked(const std::string& path) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  absl::Status SyncDirectoryLocked(const std::string& directory) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  absl::StatusOr<std::unique_ptr<FileLock>> LockLocked(const std::string& path, LockMode mode)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  // Counts the operation and answers with the error that it shall fail with.
  absl::Status EnterLocked(FileOperation operation) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void CrashLocked(uint64_t seed) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  uint64_t BytesUsedLocked() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  absl::Status ReserveLocked(Inode& inode, uint64_t size) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  Directory* FindDirectoryLocked(const std::string& path) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  std::shared_ptr<Inode> FindLocked(const std::string& path) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  mutable absl::Mutex mu_;
  // Files and locks from before the last crash carry an older generation.
  int generation_ ABSL_GUARDED_BY(mu_) = 0;
  std::map<std::string, Directory> directories_ ABSL_GUARDED_BY(mu_);
  std::map<FileOperation, Fault> faults_ ABSL_GUARDED_BY(mu_);
  std::optional<ArmedCrash> armed_crash_ ABSL_GUARDED_BY(mu_);
  std::map<FileOperation, int> counts_ ABSL_GUARDED_BY(mu_);
  std::map<std::string, LockState> locks_ ABSL_GUARDED_BY(mu_);
  std::optional<uint64_t> capacity_ ABSL_GUARDED_BY(mu_);
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_FILES_FAULT_INJECTING_FILE_SYSTEM_H_
