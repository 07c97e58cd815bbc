#include "storage/rocks/held_deletions.h"

#include <filesystem>

namespace tidegate::storage {

void HeldDeletions::Hold() {
  std::lock_guard lock(mutex_);
  held_ = true;
}

void HeldDeletions::Release() {
  std::vector<std::string> paths;
  {
    std::lock_guard lock(mutex_);
    held_ = false;
    paths.swap(paths_);
  }
  for (const std::string& path : paths) {
    target()->DeleteFile(path, rocksdb::IOOptions(), nullptr).PermitUncheckedError();
  }
}

void HeldDeletions::Forget() {
  std::lock_guard lock(mutex_);
  held_ = false;
  paths_.clear();
}

rocksdb::IOStatus HeldDeletions::DeleteFile(const std::string& path,
                                            const rocksdb::IOOptions& options,
                                            rocksdb::IODebugContext* debug) {
  const std::filesystem::path file(path);
  if (file.extension() == ".sst" && file.parent_path() == std::filesystem::path(directory_)) {
    std::lock_guard lock(mutex_);
    if (held_) {
      paths_.push_back(path);
      return rocksdb::IOStatus::OK();
    }
  }
  return target()->DeleteFile(path, options, debug);
}

}  // namespace tidegate::storage
