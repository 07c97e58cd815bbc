#include "api/json_lines/json_lines_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace tidegate::api {
namespace {

absl::Status CannotWrite(const std::string& path, int error) {
  return absl::UnavailableError(fmt::format("{}: {}", path, std::strerror(error)));
}

}  // namespace

JsonLinesFile::~JsonLinesFile() {
  absl::MutexLock lock(&mutex_);
  CloseLocked();
}

absl::Status JsonLinesFile::Reopen() {
  absl::MutexLock lock(&mutex_);
  CloseLocked();
  return OpenLocked();
}

absl::Status JsonLinesFile::Append(const std::string& line) {
  absl::MutexLock lock(&mutex_);
  if (file_ >= 0 && bytes_ > 0 && bytes_ + line.size() > max_bytes_) {
    CloseLocked();
    if (std::rename(path_.c_str(), (path_ + ".1").c_str()) != 0) return CannotWrite(path_, errno);
  }
  if (file_ < 0) {
    if (absl::Status status = OpenLocked(); !status.ok()) return status;
  }
  // One write, so that lines of two processes do not mix.
  const ssize_t written = write(file_, line.data(), line.size());
  if (written > 0) bytes_ += static_cast<uint64_t>(written);
  if (written == static_cast<ssize_t>(line.size())) return absl::OkStatus();
  return CannotWrite(path_, written < 0 ? errno : ENOSPC);
}

absl::Status JsonLinesFile::OpenLocked() {
  file_ = open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
  if (file_ < 0) return CannotWrite(path_, errno);
  struct stat found {};
  bytes_ = fstat(file_, &found) == 0 ? static_cast<uint64_t>(found.st_size) : 0;
  return absl::OkStatus();
}

void JsonLinesFile::CloseLocked() {
  if (file_ >= 0) close(file_);
  file_ = -1;
}

}  // namespace tidegate::api
