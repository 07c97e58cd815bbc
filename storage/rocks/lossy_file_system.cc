#include "storage/rocks/lossy_file_system.h"

#include <filesystem>

namespace tidegate::storage {
namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;

}  // namespace

class LossyFileSystem::TrackedFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  TrackedFile(std::unique_ptr<rocksdb::FSWritableFile> file, std::string path,
              LossyFileSystem* owner)
      : FSWritableFileOwnerWrapper(std::move(file)), path_(std::move(path)), owner_(owner) {}

  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options,
                  IODebugContext* debug) override {
    if (IOStatus status = owner_->Change(path_); !status.ok()) return status;
    const IOStatus status = FSWritableFileOwnerWrapper::Append(data, options, debug);
    if (status.ok()) Grow(data.size());
    return status;
  }
  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options,
                  const rocksdb::DataVerificationInfo&, IODebugContext* debug) override {
    return Append(data, options, debug);
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    return Synced(options, debug);
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return Synced(options, debug);
  }

 private:
  void Grow(uint64_t bytes) {
    std::lock_guard lock(owner_->mutex_);
    owner_->files_[path_].size += bytes;
  }
  // A real sync would only cost time: no power is really lost.
  IOStatus Synced(const IOOptions& options, IODebugContext* debug) {
    if (IOStatus status = owner_->Change(path_); !status.ok()) return status;
    if (IOStatus status = FSWritableFileOwnerWrapper::Flush(options, debug); !status.ok()) {
      return status;
    }
    std::lock_guard lock(owner_->mutex_);
    Tracked& file = owner_->files_[path_];
    file.synced = file.size;
    return IOStatus::OK();
  }

  const std::string path_;
  LossyFileSystem* const owner_;
};

class LossyFileSystem::TrackedDirectory final : public rocksdb::FSDirectoryWrapper {
 public:
  TrackedDirectory(std::unique_ptr<rocksdb::FSDirectory> directory, std::string path,
                   LossyFileSystem* owner)
      : FSDirectoryWrapper(std::move(directory)), path_(std::move(path)), owner_(owner) {}

  IOStatus Fsync(const IOOptions&, IODebugContext*) override { return Name(); }
  IOStatus FsyncWithDirOptions(const IOOptions&, IODebugContext*,
                               const rocksdb::DirFsyncOptions&) override {
    return Name();
  }

 private:
  IOStatus Name() {
    if (IOStatus status = owner_->Change(path_); !status.ok()) return status;
    std::lock_guard lock(owner_->mutex_);
    for (auto& [path, file] : owner_->files_) {
      if (std::filesystem::path(path).parent_path() == std::filesystem::path(path_)) {
        file.named = true;
      }
    }
    return IOStatus::OK();
  }

  const std::string path_;
  LossyFileSystem* const owner_;
};

void LossyFileSystem::FailFrom(uint64_t n) {
  std::lock_guard lock(mutex_);
  changes_ = 0;
  fail_from_ = n;
}

uint64_t LossyFileSystem::changes() const {
  std::lock_guard lock(mutex_);
  return changes_;
}

void LossyFileSystem::FullFrom(uint64_t n) {
  std::lock_guard lock(mutex_);
  changes_ = 0;
  full_from_ = n;
}

void LossyFileSystem::FailNext(const std::string& part, const IOStatus& error, uint64_t times,
                               uint64_t skip) {
  std::lock_guard lock(mutex_);
  fail_part_ = part;
  fail_error_ = error;
  fail_times_ = times;
  fail_skip_ = skip;
}

bool LossyFileSystem::failed_all() const {
  std::lock_guard lock(mutex_);
  return fail_times_ == 0;
}

IOStatus LossyFileSystem::Change(const std::string& path) {
  std::lock_guard lock(mutex_);
  ++changes_;
  if (fail_times_ > 0 && path.find(fail_part_) != std::string::npos) {
    if (fail_skip_ == 0) {
      --fail_times_;
      return fail_error_;
    }
    --fail_skip_;
  }
  if (full_from_ != 0 && changes_ >= full_from_) return IOStatus::NoSpace("the disk is full");
  if (fail_from_ != 0 && changes_ >= fail_from_) return IOStatus::IOError("the power is gone");
  return IOStatus::OK();
}

void LossyFileSystem::LosePower() {
  std::lock_guard lock(mutex_);
  for (const auto& [path, file] : files_) {
    std::error_code error;
    if (!file.named) {
      std::filesystem::remove(path, error);
    } else if (std::filesystem::exists(path)) {
      std::filesystem::resize_file(path, file.synced, error);
    }
  }
  files_.clear();
}

IOStatus LossyFileSystem::NewWritableFile(const std::string& path,
                                          const rocksdb::FileOptions& options,
                                          std::unique_ptr<rocksdb::FSWritableFile>* file,
                                          IODebugContext* debug) {
  if (IOStatus status = Change(path); !status.ok()) return status;
  std::unique_ptr<rocksdb::FSWritableFile> opened;
  const IOStatus status = target()->NewWritableFile(path, options, &opened, debug);
  if (!status.ok()) return status;
  *file = std::make_unique<TrackedFile>(std::move(opened), path, this);
  std::lock_guard lock(mutex_);
  files_[path] = Tracked();
  return status;
}

IOStatus LossyFileSystem::ReopenWritableFile(const std::string& path,
                                             const rocksdb::FileOptions& options,
                                             std::unique_ptr<rocksdb::FSWritableFile>* file,
                                             IODebugContext* debug) {
  if (IOStatus status = Change(path); !status.ok()) return status;
  std::unique_ptr<rocksdb::FSWritableFile> opened;
  const IOStatus status = target()->ReopenWritableFile(path, options, &opened, debug);
  if (!status.ok()) return status;
  *file = std::make_unique<TrackedFile>(std::move(opened), path, this);
  return status;
}

IOStatus LossyFileSystem::NewDirectory(const std::string& path, const IOOptions& options,
                                       std::unique_ptr<rocksdb::FSDirectory>* directory,
                                       IODebugContext* debug) {
  std::unique_ptr<rocksdb::FSDirectory> opened;
  const IOStatus status = target()->NewDirectory(path, options, &opened, debug);
  if (status.ok()) {
    *directory = std::make_unique<TrackedDirectory>(std::move(opened), path, this);
  }
  return status;
}

IOStatus LossyFileSystem::LinkFile(const std::string& from, const std::string& to,
                                   const IOOptions& options, IODebugContext* debug) {
  if (IOStatus status = Change(to); !status.ok()) return status;
  const IOStatus status = target()->LinkFile(from, to, options, debug);
  std::lock_guard lock(mutex_);
  if (const auto at = files_.find(from); status.ok() && at != files_.end()) {
    Tracked linked = at->second;
    linked.named = false;
    files_[to] = linked;
  }
  return status;
}

IOStatus LossyFileSystem::RenameFile(const std::string& from, const std::string& to,
                                     const IOOptions& options, IODebugContext* debug) {
  if (IOStatus status = Change(to); !status.ok()) return status;
  const IOStatus status = target()->RenameFile(from, to, options, debug);
  std::lock_guard lock(mutex_);
  if (const auto at = files_.find(from); status.ok() && at != files_.end()) {
    Tracked renamed = at->second;
    renamed.named = true;
    files_.erase(at);
    files_[to] = renamed;
  }
  return status;
}

IOStatus LossyFileSystem::GetFreeSpace(const std::string& path, const IOOptions& options,
                                       uint64_t* bytes, IODebugContext* debug) {
  const IOStatus status = target()->GetFreeSpace(path, options, bytes, debug);
  std::lock_guard lock(mutex_);
  if (full_from_ != 0 && changes_ + 1 >= full_from_) *bytes = 0;
  return status;
}

IOStatus LossyFileSystem::DeleteFile(const std::string& path, const IOOptions& options,
                                     IODebugContext* debug) {
  if (IOStatus status = Change(path); !status.ok()) return status;
  const IOStatus status = target()->DeleteFile(path, options, debug);
  std::lock_guard lock(mutex_);
  if (status.ok()) files_.erase(path);
  return status;
}

}  // namespace tidegate::storage
