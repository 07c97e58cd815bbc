#include "storage/files/posix_file_system.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

namespace tidegate::storage {
namespace {

absl::Status ErrnoStatus(int error, std::string_view operation, std::string_view path) {
  const std::string text =
      fmt::format("{} {}: {}", operation, path, std::generic_category().message(error));
  switch (error) {
    case ENOSPC:
    case EDQUOT:
      return absl::ResourceExhaustedError(text);
    case ENOENT:
      return absl::NotFoundError(text);
    case EEXIST:
      return absl::AlreadyExistsError(text);
    case EACCES:
    case EPERM:
    case EROFS:
      return absl::PermissionDeniedError(text);
    default:
      return absl::UnavailableError(text);
  }
}

// Repeats a system call for as long as signals interrupt it.
template <typename Call>
auto Retry(Call call) {
  decltype(call()) result;
  do {
    result = call();
  } while (result < 0 && errno == EINTR);
  return result;
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

absl::StatusOr<Descriptor> OpenDescriptor(const std::string& path, int flags) {
  const int fd = Retry([&] { return open(path.c_str(), flags | O_CLOEXEC, 0640); });
  if (fd < 0) return ErrnoStatus(errno, "open", path);
  return Descriptor(fd);
}

class PosixFile final : public File {
 public:
  PosixFile(std::string path, Descriptor descriptor)
      : path_(std::move(path)), descriptor_(std::move(descriptor)) {}

  absl::StatusOr<size_t> Read(uint64_t offset, std::span<char> into) const override {
    size_t done = 0;
    while (done < into.size()) {
      const ssize_t n =
          Retry([&] { return pread(fd(), into.data() + done, into.size() - done, offset + done); });
      if (n < 0) return Error(errno, "read");
      if (n == 0) break;
      done += n;
    }
    return done;
  }

  absl::Status Write(uint64_t offset, std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t n = Retry([&] { return pwrite(fd(), bytes.data(), bytes.size(), offset); });
      if (n < 0) return Error(errno, "write");
      bytes.remove_prefix(n);
      offset += n;
    }
    return absl::OkStatus();
  }

  absl::Status Sync() override {
    // Not repeated on EINTR: an interrupted sync is one whose outcome is not known.
    return fdatasync(fd()) == 0 ? absl::OkStatus() : Error(errno, "sync");
  }

  absl::Status Truncate(uint64_t size) override {
    return Retry([&] { return ftruncate(fd(), size); }) == 0 ? absl::OkStatus()
                                                             : Error(errno, "truncate");
  }

  absl::Status Allocate(uint64_t size) override {
    // posix_fallocate writes zeros where the file system cannot reserve. It returns the error.
    int error;
    do {
      error = posix_fallocate(fd(), 0, size);
    } while (error == EINTR);
    return error == 0 ? absl::OkStatus() : Error(error, "allocate");
  }

  absl::StatusOr<uint64_t> Size() const override {
    struct stat info;
    if (fstat(fd(), &info) != 0) return Error(errno, "stat");
    return static_cast<uint64_t>(info.st_size);
  }

 private:
  int fd() const { return descriptor_.get(); }
  absl::Status Error(int error, std::string_view operation) const {
    return ErrnoStatus(error, operation, path_);
  }

  const std::string path_;
  const Descriptor descriptor_;
};

class PosixLock final : public FileLock {
 public:
  explicit PosixLock(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}

 private:
  const Descriptor descriptor_;  // Closing it releases the lock.
};

// "/a/b" -> "/a", "b" -> ".", "/a" -> "/".
std::string Parent(const std::string& path) {
  const size_t slash = path.find_last_of('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace

absl::StatusOr<std::unique_ptr<File>> PosixFileSystem::Open(const std::string& path,
                                                            OpenMode mode) {
  const int flags = mode == OpenMode::kRead     ? O_RDONLY
                    : mode == OpenMode::kCreate ? O_RDWR | O_CREAT
                                                : O_RDWR;
  absl::StatusOr<Descriptor> descriptor = OpenDescriptor(path, flags);
  if (!descriptor.ok()) return descriptor.status();
  return std::make_unique<PosixFile>(path, *std::move(descriptor));
}

absl::Status PosixFileSystem::CreateDirectory(const std::string& path) {
  std::string trimmed = path;
  while (trimmed.size() > 1 && trimmed.back() == '/') trimmed.pop_back();
  if (mkdir(trimmed.c_str(), 0750) == 0) return SyncDirectory(Parent(trimmed));
  if (errno == ENOENT && Parent(trimmed) != trimmed) {
    if (absl::Status status = CreateDirectory(Parent(trimmed)); !status.ok()) return status;
    if (mkdir(trimmed.c_str(), 0750) == 0) return SyncDirectory(Parent(trimmed));
  }
  const int error = errno;
  struct stat info;
  if (error == EEXIST && stat(trimmed.c_str(), &info) == 0 && S_ISDIR(info.st_mode)) {
    return absl::OkStatus();
  }
  return ErrnoStatus(error, "create directory", trimmed);
}

absl::StatusOr<std::vector<std::string>> PosixFileSystem::List(const std::string& directory) {
  const std::unique_ptr<DIR, int (*)(DIR*)> dir(opendir(directory.c_str()), &closedir);
  if (dir == nullptr) return ErrnoStatus(errno, "list", directory);
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* entry = readdir(dir.get())) {
    struct stat info;
    if (fstatat(dirfd(dir.get()), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) == 0 &&
        S_ISREG(info.st_mode)) {
      names.emplace_back(entry->d_name);
    }
    errno = 0;
  }
  if (errno != 0) return ErrnoStatus(errno, "list", directory);
  std::sort(names.begin(), names.end());
  return names;
}

absl::Status PosixFileSystem::Rename(const std::string& from, const std::string& to) {
  return rename(from.c_str(), to.c_str()) == 0 ? absl::OkStatus()
                                               : ErrnoStatus(errno, "rename", from);
}

absl::Status PosixFileSystem::Remove(const std::string& path) {
  return unlink(path.c_str()) == 0 ? absl::OkStatus() : ErrnoStatus(errno, "remove", path);
}

absl::Status PosixFileSystem::SyncDirectory(const std::string& directory) {
  absl::StatusOr<Descriptor> descriptor = OpenDescriptor(directory, O_RDONLY | O_DIRECTORY);
  if (!descriptor.ok()) return descriptor.status();
  return fsync(descriptor->get()) == 0 ? absl::OkStatus() : ErrnoStatus(errno, "sync", directory);
}

absl::StatusOr<std::unique_ptr<FileLock>> PosixFileSystem::Lock(const std::string& path,
                                                                LockMode mode) {
  absl::StatusOr<Descriptor> descriptor = OpenDescriptor(path, O_RDONLY);
  if (!descriptor.ok()) return descriptor.status();
  const int operation = (mode == LockMode::kShared ? LOCK_SH : LOCK_EX) | LOCK_NB;
  if (Retry([&] { return flock(descriptor->get(), operation); }) == 0) {
    return std::make_unique<PosixLock>(*std::move(descriptor));
  }
  if (errno == EWOULDBLOCK) {
    return absl::FailedPreconditionError(fmt::format("{} is in use by another process", path));
  }
  return ErrnoStatus(errno, "lock", path);
}

}  // namespace tidegate::storage
