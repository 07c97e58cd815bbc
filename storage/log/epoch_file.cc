#include "storage/log/epoch_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "storage/log/log_format.h"

namespace tidegate::storage {

absl::StatusOr<EpochFile> EpochFile::Open(FileSystem& file_system, const std::string& directory) {
  const std::string path = fmt::format("{}/{}", directory, kEpochFileName);
  absl::StatusOr<std::unique_ptr<File>> file = file_system.Open(path, OpenMode::kCreate);
  if (!file.ok()) return file.status();
  if (absl::Status status = file_system.SyncDirectory(directory); !status.ok()) return status;
  return EpochFile(file_system, path, *std::move(file));
}

absl::Status EpochFile::Raise(uint64_t epoch, uint64_t seen_elsewhere) const {
  const absl::StatusOr<std::unique_ptr<FileLock>> lock =
      file_system_->Lock(path_, LockMode::kExclusive);
  if (!lock.ok()) return lock.status();
  absl::StatusOr<uint64_t> stored = Read();
  const bool damaged = absl::IsDataLoss(stored.status());
  if (damaged) stored = uint64_t{0};
  if (!stored.ok()) return stored.status();
  const uint64_t seen = std::max(*stored, seen_elsewhere);
  if (epoch < seen) {
    return absl::AbortedError(
        fmt::format("{}: fenced: epoch {} was superseded by {}", path_, epoch, seen));
  }
  if (*stored == epoch && !damaged) return absl::OkStatus();
  if (absl::Status status = file_->Write(0, EncodeEpoch(epoch)); !status.ok()) return status;
  return file_->Sync();
}

absl::StatusOr<uint64_t> EpochFile::Read() const {
  std::string bytes(64, '\0');
  const absl::StatusOr<size_t> length = file_->Read(0, bytes);
  if (!length.ok()) return length.status();
  if (*length == 0) return uint64_t{0};
  bytes.resize(*length);
  return DecodeEpoch(bytes);
}

absl::Status FenceLocalLog(FileSystem& file_system, const std::string& directory, uint64_t epoch) {
  const absl::StatusOr<EpochFile> file = EpochFile::Open(file_system, directory);
  return file.ok() ? file->Raise(epoch, 0) : file.status();
}

}  // namespace tidegate::storage
