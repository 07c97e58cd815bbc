#include "ingest/service/producer_id.h"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <unistd.h>
#include <xxhash.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <string_view>

#include "fmt/format.h"

namespace tidegate::ingest {
namespace {

constexpr std::string_view kFile = "producer_id";
constexpr size_t kDigits = 16;

absl::Status IoError(std::string_view what, const std::string& path) {
  return absl::UnavailableError(fmt::format("{} {}: {}", what, path, std::strerror(errno)));
}

// Closes on every path.
class File {
 public:
  explicit File(int fd) : fd_(fd) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (fd_ >= 0) close(fd_);
  }
  int fd() const { return fd_; }

 private:
  const int fd_;
};

std::string Contents(uint64_t id) {
  const std::string digits = fmt::format("{:016x}", id);
  return fmt::format("{} {:016x}\n", digits, XXH3_64bits(digits.data(), digits.size()));
}

absl::Status WriteSynced(const std::string& path, std::string_view contents) {
  const File file(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (file.fd() < 0) return IoError("cannot create", path);
  if (write(file.fd(), contents.data(), contents.size()) != static_cast<ssize_t>(contents.size())) {
    return IoError("cannot write", path);
  }
  if (fsync(file.fd()) != 0) return IoError("cannot sync", path);
  return absl::OkStatus();
}

absl::Status SyncDirectory(const std::string& path) {
  const File directory(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.fd() < 0) return IoError("cannot open", path);
  if (fsync(directory.fd()) != 0) return IoError("cannot sync", path);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<uint64_t> ReadProducerId(const std::string& directory) {
  const std::string path = fmt::format("{}/{}", directory, kFile);
  const File file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.fd() < 0) {
    if (errno == ENOENT) return absl::NotFoundError(fmt::format("there is no {}", path));
    return IoError("cannot open", path);
  }
  char bytes[64];
  const ssize_t size = read(file.fd(), bytes, sizeof(bytes));
  if (size < 0) return IoError("cannot read", path);
  uint64_t id = 0;
  std::from_chars(bytes, bytes + std::min<ssize_t>(size, kDigits), id, 16);
  if (std::string_view(bytes, size) != Contents(id)) {
    return absl::DataLossError(fmt::format("{} is damaged", path));
  }
  return id;
}

absl::Status WriteProducerId(const std::string& directory, uint64_t id) {
  const std::string path = fmt::format("{}/{}", directory, kFile);
  const std::string fresh = path + ".new";
  if (absl::Status status = WriteSynced(fresh, Contents(id)); !status.ok()) return status;
  if (std::rename(fresh.c_str(), path.c_str()) != 0) return IoError("cannot replace", path);
  return SyncDirectory(directory);
}

absl::StatusOr<uint64_t> LoadOrCreateProducerId(const std::string& directory, uint64_t fresh) {
  const absl::StatusOr<uint64_t> id = ReadProducerId(directory);
  if (id.ok() || absl::IsUnavailable(id.status())) return id;
  if (absl::IsDataLoss(id.status())) {
    spdlog::warn("{}: the ingester takes a new id and replays its whole log",
                 std::string(id.status().message()));
  }
  if (absl::Status status = WriteProducerId(directory, fresh); !status.ok()) return status;
  return fresh;
}

}  // namespace tidegate::ingest
