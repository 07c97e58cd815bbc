// The store's directory: who holds it, and which format it has.
//
//   DIR/STORAGE_FORMAT  text: "tidegate storage format N\n"
//   DIR/LOCK            flock()ed by the process that has the store open
//   DIR/rocks/          RocksDB
#ifndef TIDEGATE_STORAGE_STORE_DIRECTORY_H_
#define TIDEGATE_STORAGE_STORE_DIRECTORY_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace tidegate::storage {

// 1 had log entries as records, 2 columns a template; 3 has no outlines of log pages, and is read.
inline constexpr int kStorageFormat = 4;
inline constexpr int kOldestStorageFormat = 3;
inline constexpr char kRocksSubdirectory[] = "rocks";

// Holds the directory for this process until it is destroyed. A process that dies lets go of it.
class DirectoryLock {
 public:
  // Creates the directory and the format file when `create`, and writes an older format's file
  // again. FailedPrecondition: another process holds it, or another format; NotFound: it does not
  // exist and is not to be created.
  static absl::StatusOr<std::unique_ptr<DirectoryLock>> Acquire(const std::string& directory,
                                                                bool create);
  ~DirectoryLock();
  DirectoryLock(const DirectoryLock&) = delete;
  DirectoryLock& operator=(const DirectoryLock&) = delete;

 private:
  explicit DirectoryLock(int file) : file_(file) {}
  const int file_;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_STORE_DIRECTORY_H_
