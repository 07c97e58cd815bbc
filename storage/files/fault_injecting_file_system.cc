#include "storage/files/fault_injecting_file_system.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace tidegate::storage {
namespace {

constexpr uint64_t kPageBytes = 4096;
constexpr uint64_t kSectorBytes = 512;

// Standard distributions differ between libraries; a seed has to mean the same everywhere.
bool Coin(std::mt19937_64& dice) { return (dice() & 1) != 0; }

std::pair<std::string, std::string> Split(const std::string& path) {
  const size_t slash = path.find_last_of('/');
  if (slash == std::string::npos) return {"", path};
  return {path.substr(0, slash), path.substr(slash + 1)};
}

absl::Status Dead() { return absl::UnavailableError("the file system crashed"); }

}  // namespace

struct FaultInjectingFileSystem::Inode {
  std::string seen;             // What programs read.
  std::string stored;           // What the disk holds.
  std::set<uint64_t> dirty;     // Pages written since the last sync.
  std::vector<uint64_t> sizes;  // Sizes that it had since the last sync.
  uint64_t broken_begin = 0;    // These bytes cannot be read.
  uint64_t broken_end = 0;

  void Resized() { sizes.push_back(seen.size()); }
  void Written(uint64_t offset, uint64_t length) {
    for (uint64_t page = offset / kPageBytes; page * kPageBytes < offset + length; ++page) {
      dirty.insert(page);
    }
  }

  // Only what is dirty goes to the disk: not what a failed sync dropped.
  void Sync() {
    stored.resize(seen.size());
    for (const uint64_t page : dirty) {
      const uint64_t begin = page * kPageBytes;
      const uint64_t end = std::min<uint64_t>(begin + kPageBytes, seen.size());
      if (begin < end) std::copy(seen.begin() + begin, seen.begin() + end, stored.begin() + begin);
    }
    dirty.clear();
    sizes.clear();
  }

  // Linux after a failed write-back: clean in memory, never on the disk.
  void FailSync() {
    dirty.clear();
    sizes.clear();
  }

  void Crash(std::mt19937_64& dice) {
    std::string after = stored;
    if (!sizes.empty() && Coin(dice)) after.resize(sizes[dice() % sizes.size()]);
    for (const uint64_t page : dirty) CrashPage(page, after, dice);
    seen = stored = std::move(after);
    dirty.clear();
    sizes.clear();
  }

  void CrashPage(uint64_t page, std::string& after, std::mt19937_64& dice) const {
    const uint64_t fate = dice() % 4;  // Two of four pages are lost, one arrives, one is torn.
    if (fate < 2) return;
    for (uint64_t sector = 0; sector < kPageBytes / kSectorBytes; ++sector) {
      const uint64_t begin = page * kPageBytes + sector * kSectorBytes;
      const uint64_t end = std::min<uint64_t>({begin + kSectorBytes, seen.size(), after.size()});
      if (begin < end && (fate == 2 || Coin(dice))) {
        std::copy(seen.begin() + begin, seen.begin() + end, after.begin() + begin);
      }
    }
  }
};

struct FaultInjectingFileSystem::Directory {
  using Entries = std::map<std::string, std::shared_ptr<Inode>>;
  // One change of names: `from` empty = created, `to` empty = removed.
  struct Change {
    std::string from;
    std::string to;
    std::shared_ptr<Inode> inode;
  };

  Entries seen;
  Entries stored;
  std::vector<Change> changes;  // Since the last sync.

  void Crash(std::mt19937_64& dice) {
    for (const Change& change : changes) {
      if (Coin(dice)) Apply(change, stored);
    }
    seen = stored;
    changes.clear();
  }

  static void Apply(const Change& change, Entries& entries) {
    if (!change.from.empty()) {
      // A change whose forerunner was lost has nothing to act upon.
      const auto found = entries.find(change.from);
      if (found == entries.end() || found->second != change.inode) return;
      entries.erase(found);
    }
    if (!change.to.empty()) entries[change.to] = change.inode;
  }
};

// Not in the anonymous namespace: a friend.
class FaultInjectingFile final : public File {
 public:
  FaultInjectingFile(FaultInjectingFileSystem* fs,
                     std::shared_ptr<FaultInjectingFileSystem::Inode> inode, int generation)
      : fs_(fs), inode_(std::move(inode)), generation_(generation) {}

  absl::StatusOr<size_t> Read(uint64_t offset, std::span<char> into) const override {
    const absl::MutexLock lock(&fs_->mu_);
    if (generation_ != fs_->generation_) return Dead();
    if (offset >= inode_->seen.size()) return size_t{0};
    if (offset < inode_->broken_end && inode_->broken_begin < offset + into.size()) {
      return absl::UnavailableError("the disk cannot read this");
    }
    return inode_->seen.copy(into.data(), into.size(), offset);
  }

  absl::Status Write(uint64_t offset, std::string_view bytes) override {
    const absl::MutexLock lock(&fs_->mu_);
    if (generation_ != fs_->generation_) return Dead();
    absl::Status status = fs_->EnterLocked(FileOperation::kWrite);
    if (generation_ != fs_->generation_) return Dead();
    if (!status.ok()) bytes = bytes.substr(0, bytes.size() / 2);
    if (const uint64_t end = offset + bytes.size(); end > inode_->seen.size()) {
      if (absl::Status full = fs_->ReserveLocked(*inode_, end); !full.ok()) return full;
    }
    inode_->seen.replace(offset, bytes.size(), bytes);
    inode_->Written(offset, bytes.size());
    return status;
  }

  absl::Status Sync() override {
    const absl::MutexLock lock(&fs_->mu_);
    if (generation_ != fs_->generation_) return Dead();
    if (absl::Status status = fs_->EnterLocked(FileOperation::kSync); !status.ok()) {
      inode_->FailSync();
      return status;
    }
    inode_->Sync();
    return absl::OkStatus();
  }

  absl::Status Truncate(uint64_t size) override {
    const absl::MutexLock lock(&fs_->mu_);
    if (generation_ != fs_->generation_) return Dead();
    if (absl::Status status = fs_->EnterLocked(FileOperation::kTruncate); !status.ok()) {
      return status;
    }
    inode_->seen.resize(size);
    inode_->Resized();
    return absl::OkStatus();
  }

  absl::Status Allocate(uint64_t size) override {
    const absl::MutexLock lock(&fs_->mu_);
    if (generation_ != fs_->generation_) return Dead();
    if (absl::Status status = fs_->EnterLocked(FileOperation::kAllocate); !status.ok()) {
      return status;
    }
    return size <= inode_->seen.size() ? absl::OkStatus() : fs_->ReserveLocked(*inode_, size);
  }

  absl::StatusOr<uint64_t> Size() const override {
    const absl::MutexLock lock(&fs_->mu_);
    if (generation_ != fs_->generation_) return Dead();
    return inode_->seen.size();
  }

 private:
  FaultInjectingFileSystem* const fs_;
  const std::shared_ptr<FaultInjectingFileSystem::Inode> inode_;
  const int generation_;
};

class FaultInjectingLock final : public FileLock {
 public:
  FaultInjectingLock(FaultInjectingFileSystem* fs, std::string path, LockMode mode, int generation)
      : fs_(fs), path_(std::move(path)), mode_(mode), generation_(generation) {}

  ~FaultInjectingLock() override {
    const absl::MutexLock lock(&fs_->mu_);
    if (generation_ != fs_->generation_) return;
    FaultInjectingFileSystem::LockState& state = fs_->locks_[path_];
    if (mode_ == LockMode::kShared) {
      --state.shared;
    } else {
      state.exclusive = false;
    }
  }

 private:
  FaultInjectingFileSystem* const fs_;
  const std::string path_;
  const LockMode mode_;
  const int generation_;
};

// What one process sees of the disk, until it crashes.
class MountedFileSystem final : public FileSystem {
 public:
  MountedFileSystem(std::shared_ptr<FaultInjectingFileSystem> disk, int generation)
      : disk_(std::move(disk)), generation_(generation) {}

  absl::StatusOr<std::unique_ptr<File>> Open(const std::string& path, OpenMode mode) override {
    const absl::MutexLock lock(&disk_->mu_);
    if (generation_ != disk_->generation_) return Dead();
    return disk_->OpenLocked(path, mode);
  }
  absl::Status CreateDirectory(const std::string& path) override {
    const absl::MutexLock lock(&disk_->mu_);
    if (generation_ != disk_->generation_) return Dead();
    return disk_->CreateDirectoryLocked(path);
  }
  absl::StatusOr<std::vector<std::string>> List(const std::string& directory) override {
    const absl::MutexLock lock(&disk_->mu_);
    if (generation_ != disk_->generation_) return Dead();
    return disk_->ListLocked(directory);
  }
  absl::Status Rename(const std::string& from, const std::string& to) override {
    const absl::MutexLock lock(&disk_->mu_);
    if (generation_ != disk_->generation_) return Dead();
    return disk_->RenameLocked(from, to);
  }
  absl::Status Remove(const std::string& path) override {
    const absl::MutexLock lock(&disk_->mu_);
    if (generation_ != disk_->generation_) return Dead();
    return disk_->RemoveLocked(path);
  }
  absl::Status SyncDirectory(const std::string& directory) override {
    const absl::MutexLock lock(&disk_->mu_);
    if (generation_ != disk_->generation_) return Dead();
    return disk_->SyncDirectoryLocked(directory);
  }
  absl::StatusOr<std::unique_ptr<FileLock>> Lock(const std::string& path, LockMode mode) override {
    const absl::MutexLock lock(&disk_->mu_);
    if (generation_ != disk_->generation_) return Dead();
    return disk_->LockLocked(path, mode);
  }

 private:
  const std::shared_ptr<FaultInjectingFileSystem> disk_;
  const int generation_;
};

FaultInjectingFileSystem::FaultInjectingFileSystem() = default;
FaultInjectingFileSystem::~FaultInjectingFileSystem() = default;

std::unique_ptr<FileSystem> FaultInjectingFileSystem::Mount(
    std::shared_ptr<FaultInjectingFileSystem> disk) {
  const absl::MutexLock lock(&disk->mu_);
  const int generation = disk->generation_;
  return std::make_unique<MountedFileSystem>(std::move(disk), generation);
}

void FaultInjectingFileSystem::Crash(uint64_t seed) {
  const absl::MutexLock lock(&mu_);
  CrashLocked(seed);
}

void FaultInjectingFileSystem::CrashAt(FileOperation operation, int after, uint64_t seed) {
  const absl::MutexLock lock(&mu_);
  armed_crash_ = {.operation = operation, .after = after, .seed = seed};
}

void FaultInjectingFileSystem::CrashLocked(uint64_t seed) {
  std::mt19937_64 dice(seed);
  armed_crash_.reset();
  ++generation_;
  locks_.clear();
  for (auto& [path, directory] : directories_) {
    std::set<Inode*> inodes;  // By first appearance below, so that a seed repeats exactly.
    for (const auto& [name, inode] : directory.seen) {
      if (inodes.insert(inode.get()).second) inode->Crash(dice);
    }
    for (const auto& [name, inode] : directory.stored) {
      if (inodes.insert(inode.get()).second) inode->Crash(dice);
    }
    directory.Crash(dice);
  }
}

void FaultInjectingFileSystem::Kill() {
  const absl::MutexLock lock(&mu_);
  armed_crash_.reset();
  ++generation_;
  locks_.clear();
}

void FaultInjectingFileSystem::FailOperations(FileOperation operation, int after, int times,
                                              const absl::Status& error) {
  const absl::MutexLock lock(&mu_);
  faults_[operation] = {after, times, error};
}

void FaultInjectingFileSystem::StopFailing() {
  const absl::MutexLock lock(&mu_);
  faults_.clear();
  armed_crash_.reset();
}

void FaultInjectingFileSystem::SetCapacity(std::optional<uint64_t> bytes) {
  const absl::MutexLock lock(&mu_);
  capacity_ = bytes;
}

std::string FaultInjectingFileSystem::Contents(const std::string& path) const {
  const absl::MutexLock lock(&mu_);
  const std::shared_ptr<Inode> inode = FindLocked(path);
  return inode == nullptr ? std::string() : inode->seen;
}

void FaultInjectingFileSystem::SetContents(const std::string& path, const std::string& contents) {
  const absl::MutexLock lock(&mu_);
  const auto [directory, name] = Split(path);
  Directory& entries = directories_[directory];
  const auto inode = std::make_shared<Inode>();
  inode->seen = inode->stored = contents;
  entries.seen[name] = entries.stored[name] = inode;
}

void FaultInjectingFileSystem::BreakBytes(const std::string& path, uint64_t begin, uint64_t end) {
  const absl::MutexLock lock(&mu_);
  const std::shared_ptr<Inode> inode = FindLocked(path);
  inode->broken_begin = begin;
  inode->broken_end = end;
}

uint64_t FaultInjectingFileSystem::BytesUsed() const {
  const absl::MutexLock lock(&mu_);
  return BytesUsedLocked();
}

int FaultInjectingFileSystem::Count(FileOperation operation) const {
  const absl::MutexLock lock(&mu_);
  const auto found = counts_.find(operation);
  return found == counts_.end() ? 0 : found->second;
}

absl::StatusOr<std::unique_ptr<File>> FaultInjectingFileSystem::Open(const std::string& path,
                                                                     OpenMode mode) {
  const absl::MutexLock lock(&mu_);
  return OpenLocked(path, mode);
}

absl::Status FaultInjectingFileSystem::CreateDirectory(const std::string& path) {
  const absl::MutexLock lock(&mu_);
  return CreateDirectoryLocked(path);
}

absl::StatusOr<std::vector<std::string>> FaultInjectingFileSystem::List(
    const std::string& directory) {
  const absl::MutexLock lock(&mu_);
  return ListLocked(directory);
}

absl::Status FaultInjectingFileSystem::Rename(const std::string& from, const std::string& to) {
  const absl::MutexLock lock(&mu_);
  return RenameLocked(from, to);
}

absl::Status FaultInjectingFileSystem::Remove(const std::string& path) {
  const absl::MutexLock lock(&mu_);
  return RemoveLocked(path);
}

absl::Status FaultInjectingFileSystem::SyncDirectory(const std::string& directory) {
  const absl::MutexLock lock(&mu_);
  return SyncDirectoryLocked(directory);
}

absl::StatusOr<std::unique_ptr<FileLock>> FaultInjectingFileSystem::Lock(const std::string& path,
                                                                         LockMode mode) {
  const absl::MutexLock lock(&mu_);
  return LockLocked(path, mode);
}

absl::StatusOr<std::unique_ptr<File>> FaultInjectingFileSystem::OpenLocked(const std::string& path,
                                                                           OpenMode mode) {
  if (absl::Status status = EnterLocked(FileOperation::kOpen); !status.ok()) return status;
  std::shared_ptr<Inode> inode = FindLocked(path);
  if (inode == nullptr) {
    const auto [parent, name] = Split(path);
    Directory* directory = FindDirectoryLocked(parent);
    if (mode != OpenMode::kCreate || directory == nullptr) return absl::NotFoundError(path);
    inode = std::make_shared<Inode>();
    directory->seen[name] = inode;
    directory->changes.push_back({"", name, inode});
  }
  return std::make_unique<FaultInjectingFile>(this, std::move(inode), generation_);
}

absl::Status FaultInjectingFileSystem::CreateDirectoryLocked(const std::string& path) {
  directories_[path];
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> FaultInjectingFileSystem::ListLocked(
    const std::string& directory) {
  const Directory* found = FindDirectoryLocked(directory);
  if (found == nullptr) return absl::NotFoundError(directory);
  std::vector<std::string> names;
  for (const auto& [name, inode] : found->seen) names.push_back(name);
  return names;
}

absl::Status FaultInjectingFileSystem::RenameLocked(const std::string& from,
                                                    const std::string& to) {
  if (absl::Status status = EnterLocked(FileOperation::kRename); !status.ok()) return status;
  const std::shared_ptr<Inode> inode = FindLocked(from);
  if (inode == nullptr) return absl::NotFoundError(from);
  const auto [parent, name] = Split(from);
  Directory& directory = *FindDirectoryLocked(parent);
  directory.changes.push_back({name, Split(to).second, inode});
  Directory::Apply(directory.changes.back(), directory.seen);
  return absl::OkStatus();
}

absl::Status FaultInjectingFileSystem::RemoveLocked(const std::string& path) {
  if (absl::Status status = EnterLocked(FileOperation::kRemove); !status.ok()) return status;
  const std::shared_ptr<Inode> inode = FindLocked(path);
  if (inode == nullptr) return absl::NotFoundError(path);
  const auto [parent, name] = Split(path);
  Directory& directory = *FindDirectoryLocked(parent);
  directory.changes.push_back({name, "", inode});
  Directory::Apply(directory.changes.back(), directory.seen);
  return absl::OkStatus();
}

absl::Status FaultInjectingFileSystem::SyncDirectoryLocked(const std::string& directory) {
  if (absl::Status status = EnterLocked(FileOperation::kSyncDir); !status.ok()) return status;
  Directory* found = FindDirectoryLocked(directory);
  if (found == nullptr) return absl::NotFoundError(directory);
  found->stored = found->seen;
  found->changes.clear();
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<FileLock>> FaultInjectingFileSystem::LockLocked(
    const std::string& path, LockMode mode) {
  if (FindDirectoryLocked(path) == nullptr && FindLocked(path) == nullptr) {
    return absl::NotFoundError(path);
  }
  LockState& state = locks_[path];
  if (state.exclusive || (mode == LockMode::kExclusive && state.shared > 0)) {
    return absl::FailedPreconditionError(fmt::format("{} is in use by another process", path));
  }
  if (mode == LockMode::kShared) {
    ++state.shared;
  } else {
    state.exclusive = true;
  }
  return std::make_unique<FaultInjectingLock>(this, path, mode, generation_);
}

absl::Status FaultInjectingFileSystem::EnterLocked(FileOperation operation) {
  ++counts_[operation];
  if (armed_crash_.has_value() && armed_crash_->operation == operation &&
      --armed_crash_->after == 0) {
    CrashLocked(armed_crash_->seed);
    return Dead();
  }
  const auto found = faults_.find(operation);
  if (found == faults_.end()) return absl::OkStatus();
  Fault& fault = found->second;
  if (--fault.after > 0) return absl::OkStatus();
  const absl::Status error = fault.error;
  if (--fault.times == 0) faults_.erase(found);
  return error;
}

uint64_t FaultInjectingFileSystem::BytesUsedLocked() const {
  uint64_t used = 0;
  for (const auto& [path, directory] : directories_) {
    for (const auto& [name, inode] : directory.seen) used += inode->seen.size();
  }
  return used;
}

absl::Status FaultInjectingFileSystem::ReserveLocked(Inode& inode, uint64_t size) {
  const uint64_t more = size - inode.seen.size();
  if (capacity_.has_value() && BytesUsedLocked() + more > *capacity_) {
    return absl::ResourceExhaustedError("no space left on device");
  }
  inode.seen.resize(size);
  inode.Resized();
  return absl::OkStatus();
}

FaultInjectingFileSystem::Directory* FaultInjectingFileSystem::FindDirectoryLocked(
    const std::string& path) {
  const auto found = directories_.find(path);
  return found == directories_.end() ? nullptr : &found->second;
}

std::shared_ptr<FaultInjectingFileSystem::Inode> FaultInjectingFileSystem::FindLocked(
    const std::string& path) const {
  const auto [parent, name] = Split(path);
  const auto directory = directories_.find(parent);
  if (directory == directories_.end()) return nullptr;
  const auto entry = directory->second.seen.find(name);
  return entry == directory->second.seen.end() ? nullptr : entry->second;
}

}  // namespace tidegate::storage
