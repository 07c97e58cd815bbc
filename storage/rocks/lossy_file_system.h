// A disk that loses power: what was not synced is gone. Tests only.
#ifndef TIDEGATE_STORAGE_ROCKS_LOSSY_FILE_SYSTEM_H_
#define TIDEGATE_STORAGE_ROCKS_LOSSY_FILE_SYSTEM_H_

#include <rocksdb/file_system.h>

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace tidegate::storage {

// Passes everything on to the machine's file system and remembers what a sync has covered. From the
// chosen operation on every change fails; LosePower then cuts each file to its synced length and
// removes the names that no directory sync covered. A rename counts as durable at once (the one
// liberty it takes). Thread safe.
class LossyFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  LossyFileSystem() : rocksdb::FileSystemWrapper(rocksdb::FileSystem::Default()) {}

  // The n-th change from now (1 = the next one) fails, and all after it. 0 = none.
  void FailFrom(uint64_t n);
  // Changes since FailFrom.
  uint64_t changes() const;
  // From the n-th change from now on the disk says that it is full, and changes fail so; 0 = there
  // is room. Nothing is lost.
  void FullFrom(uint64_t n);
  // Of the changes to files whose path contains `part`, `times` fail with `error` after `skip` more
  // that do not.
  void FailNext(const std::string& part, const rocksdb::IOStatus& error, uint64_t times,
                uint64_t skip = 0);
  // True when all failures of FailNext have happened.
  bool failed_all() const;
  // The files must be closed.
  void LosePower();

  const char* Name() const override { return "LossyFileSystem"; }
  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus ReopenWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                       std::unique_ptr<rocksdb::FSWritableFile>* file,
                                       rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewDirectory(const std::string& path, const rocksdb::IOOptions& options,
                                 std::unique_ptr<rocksdb::FSDirectory>* directory,
                                 rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus LinkFile(const std::string& from, const std::string& to,
                             const rocksdb::IOOptions& options,
                             rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus GetFreeSpace(const std::string& path, const rocksdb::IOOptions& options,
                                 uint64_t* bytes, rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus DeleteFile(const std::string& path, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;

 private:
  class TrackedFile;
  class TrackedDirectory;
  // A file that was written here.
  struct Tracked {
    uint64_t size = 0;
    uint64_t synced = 0;
    bool named = false;  // A directory sync has covered its name.
  };
  // Counts a change of this path; an error when the power is gone or the disk full.
  rocksdb::IOStatus Change(const std::string& path);

  mutable std::mutex mutex_;
  std::map<std::string, Tracked> files_;  // By path; guarded by mutex_, like all below.
  uint64_t changes_ = 0;
  uint64_t fail_from_ = 0;
  uint64_t full_from_ = 0;
  std::string fail_part_;
  rocksdb::IOStatus fail_error_;
  uint64_t fail_times_ = 0;
  uint64_t fail_skip_ = 0;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_ROCKS_LOSSY_FILE_SYSTEM_H_
