#include "storage/store/store_snapshot.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <random>

#include "absl/status/status.h"
#include "storage/store/directory.h"

namespace tidegate::storage {
namespace {

constexpr char kDraft[] = "unfinished";

std::string NewName(absl::Time now) {
  std::random_device dice;
  const uint64_t random = static_cast<uint64_t>(dice()) << 32 | dice();
  return absl::FormatTime("%Y%m%dT%H%M%SZ", now, absl::UTCTimeZone()) +
         fmt::format("-{:016x}", random);
}

absl::Status Failed(const std::string& what, const std::error_code& error) {
  const std::string text = fmt::format("cannot {}: {}", what, error.message());
  return error == std::errc::no_space_on_device ? absl::ResourceExhaustedError(text)
                                                : absl::UnavailableError(text);
}

absl::Status SyncDirectory(const std::string& directory) {
  const int file = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = file >= 0 && fsync(file) == 0;
  const std::error_code error(errno, std::generic_category());
  if (file >= 0) close(file);
  return synced ? absl::OkStatus() : Failed("sync " + directory, error);
}

absl::Status Write(const std::string& draft, SegmentStore* store) {
  std::error_code error;
  std::filesystem::remove_all(draft, error);
  const std::string directory = draft + "/store";
  if (!std::filesystem::create_directories(directory, error)) {
    return Failed("create " + directory, error);
  }
  if (absl::Status status = store->Checkpoint(directory); !status.ok()) return status;
  // Writes the format file; the lock is let go at once.
  return DirectoryLock::Acquire(directory, /*create=*/true).status();
}

}  // namespace

absl::StatusOr<std::string> TakeSnapshot(const std::string& parent, absl::Time now,
                                         SegmentStore* store) {
  const std::string draft = parent + "/" + kDraft;
  std::error_code error;
  absl::Status status = Write(draft, store);
  if (!status.ok()) {
    std::filesystem::remove_all(draft, error);
    return status;
  }
  std::string name = NewName(now);
  std::filesystem::rename(draft, parent + "/" + name, error);
  if (error) return Failed("name the snapshot " + name, error);
  if (status = SyncDirectory(parent); !status.ok()) return status;
  return name;
}

}  // namespace tidegate::storage
