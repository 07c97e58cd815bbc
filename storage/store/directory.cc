#include "storage/store/directory.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace tidegate::storage {
namespace {

constexpr std::string_view kFormatText = "tidegate storage format ";

// The format, which can be read.
absl::StatusOr<int> ReadFormat(const std::string& path, std::string_view text) {
  int format = 0;
  const char* const end = text.data() + text.size();
  if (!text.starts_with(kFormatText) ||
      std::from_chars(text.data() + kFormatText.size(), end, format).ec != std::errc()) {
    return absl::DataLossError(fmt::format("{} is damaged: it does not name a format", path));
  }
  if (format < kOldestStorageFormat || format > kStorageFormat) {
    return absl::FailedPreconditionError(fmt::format(
        "{} says format {}; this program reads formats {} to {}: use {} version", path, format,
        kOldestStorageFormat, kStorageFormat, format > kStorageFormat ? "a newer" : "the older"));
  }
  return format;
}

// Writes the file under another name first: it exists whole or not at all.
absl::Status WriteFormat(const std::string& directory, const std::string& path) {
  const std::string text = fmt::format("{}{}\n", kFormatText, kStorageFormat);
  const std::string draft = path + ".new";
  const int file = open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  bool ok = file >= 0 &&
            write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
            fsync(file) == 0;
  const int error = errno;
  if (file >= 0) close(file);
  ok = ok && rename(draft.c_str(), path.c_str()) == 0;
  const int folder = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  ok = ok && folder >= 0 && fsync(folder) == 0;
  if (folder >= 0) close(folder);
  if (ok) return absl::OkStatus();
  return absl::UnavailableError(fmt::format("cannot write {}: {}", path, std::strerror(error)));
}

}  // namespace

absl::StatusOr<std::unique_ptr<DirectoryLock>> DirectoryLock::Acquire(const std::string& directory,
                                                                      bool create) {
  std::error_code error;
  if (create) std::filesystem::create_directories(directory, error);
  if (!std::filesystem::is_directory(directory)) {
    return absl::NotFoundError(fmt::format("{} is not a directory", directory));
  }
  const std::string lock_path = directory + "/LOCK";
  const int file = open(lock_path.c_str(), O_RDWR | (create ? O_CREAT : 0) | O_CLOEXEC, 0644);
  if (file < 0 && (create || errno != ENOENT)) {
    return absl::UnavailableError(
        fmt::format("cannot open {}: {}", lock_path, std::strerror(errno)));
  }
  std::unique_ptr<DirectoryLock> lock(new DirectoryLock(file));
  if (file >= 0 && flock(file, LOCK_EX | LOCK_NB) != 0) {
    return absl::FailedPreconditionError(
        fmt::format("{} is in use by another process (it holds {})", directory, lock_path));
  }
  const std::string format_path = directory + "/STORAGE_FORMAT";
  bool known = false;
  if (std::filesystem::exists(format_path)) {
    std::ifstream in(format_path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    const auto format = ReadFormat(format_path, text);
    if (!format.ok()) return format.status();
    known = *format == kStorageFormat;
  }
  if (create && !known) {
    if (absl::Status status = WriteFormat(directory, format_path); !status.ok()) return status;
  }
  return lock;
}

DirectoryLock::~DirectoryLock() {
  if (file_ >= 0) close(file_);
}

}  // namespace tidegate::storage
