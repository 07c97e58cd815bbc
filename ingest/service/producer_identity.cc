#include "ingest/service/producer_identity.h"

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
// The newest and those of starts that were cut short; older ones are not known to any store.
constexpr size_t kMaxIds = 3;

absl::Status IoError(std::string_view what, const std::string& path) {
  const int error = errno;
  const std::string text = fmt::format("{} {}: {}", what, path, std::strerror(error));
  return error == ENOSPC || error == EDQUOT ? absl::ResourceExhaustedError(text)
                                            : absl::UnavailableError(text);
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

std::string Contents(const std::vector<uint64_t>& ids) {
  const std::string text = fmt::format("{:016x}", fmt::join(ids, " "));
  return fmt::format("{} {:016x}\n", text, XXH3_64bits(text.data(), text.size()));
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

absl::StatusOr<std::vector<uint64_t>> ReadProducerIds(const std::string& directory) {
  const std::string path = fmt::format("{}/{}", directory, kFile);
  const File file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.fd() < 0) {
    if (errno == ENOENT) return absl::NotFoundError(fmt::format("there is no {}", path));
    return IoError("cannot open", path);
  }
  char bytes[(kMaxIds + 1) * (kDigits + 1) + 1];
  const ssize_t size = read(file.fd(), bytes, sizeof(bytes));
  if (size < 0) return IoError("cannot read", path);
  const std::string_view contents(bytes, static_cast<size_t>(size));
  // What is left when the checksum is taken off is ids.
  std::vector<uint64_t> ids;
  for (size_t at = 0; at + 2 * (kDigits + 1) <= contents.size(); at += kDigits + 1) {
    uint64_t id = 0;
    std::from_chars(bytes + at, bytes + at + kDigits, id, 16);
    ids.push_back(id);
  }
  if (ids.empty() || contents != Contents(ids)) {
    return absl::DataLossError(fmt::format("{} is damaged", path));
  }
  return ids;
}

absl::Status WriteProducerIds(const std::string& directory, const std::vector<uint64_t>& ids) {
  const std::string path = fmt::format("{}/{}", directory, kFile);
  const std::string fresh = path + ".new";
  if (absl::Status status = WriteSynced(fresh, Contents(ids)); !status.ok()) return status;
  if (std::rename(fresh.c_str(), path.c_str()) != 0) return IoError("cannot replace", path);
  return SyncDirectory(directory);
}

absl::Status ProducerIdentity::Load() {
  id_ = new_id_fn_();
  absl::StatusOr<std::vector<uint64_t>> ids = ReadProducerIds(directory_);
  if (ids.ok()) {
    predecessors_ = *std::move(ids);
  } else if (absl::IsDataLoss(ids.status())) {
    spdlog::warn("{}: the ingester takes a new id and replays its whole log",
                 std::string(ids.status().message()));
  } else if (!absl::IsNotFound(ids.status())) {
    return ids.status();
  }
  return absl::OkStatus();
}

absl::StatusOr<storage::LogPosition> ProducerIdentity::Register(
    const model::RequestContext& context, storage::Store* store) {
  // Written first: whatever the store then knows, the file names it.
  std::vector<uint64_t> ids = {id_};
  for (const uint64_t id : predecessors_) {
    if (ids.size() < kMaxIds) ids.push_back(id);
  }
  if (absl::Status status = WriteProducerIds(directory_, ids); !status.ok()) return status;
  absl::StatusOr<storage::LogPosition> committed =
      store->RegisterProducer(context, id_, predecessors_);
  if (!committed.ok()) return committed;
  if (absl::Status status = WriteProducerIds(directory_, {id_}); !status.ok()) {
    spdlog::warn("the ids of earlier starts stay in the file: {}", status.ToString());
  }
  return committed;
}

absl::Status ProducerIdentity::Renew(const model::RequestContext& context, storage::Store* store) {
  id_ = new_id_fn_();
  if (absl::Status status = WriteProducerIds(directory_, {id_}); !status.ok()) return status;
  return store->RegisterProducer(context, id_, {}).status();
}

}  // namespace tidegate::ingest
