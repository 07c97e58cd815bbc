#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <random>
#include <utility>

#include "storage/files/posix_file_system.h"
#include "storage/log/frame_scanner.h"
#include "storage/log/local_log.h"
#include "storage/log/log_format.h"

namespace tidegate::storage {
namespace {

constexpr uint64_t kMinSegmentBytes = 2 * kSegmentHeaderBytes;
constexpr uint64_t kMaxSegmentBytes = 1 << 30;  // FrameHeader::unsynced has 32 bits.

absl::Status Validate(const LocalLogOptions& options) {
  if (options.directory.empty()) return absl::InvalidArgumentError("the log needs a directory");
  if (options.segment_bytes < kMinSegmentBytes || options.segment_bytes > kMaxSegmentBytes) {
    return absl::InvalidArgumentError(fmt::format("a log segment has {} to {} bytes, not {}",
                                                  kMinSegmentBytes, kMaxSegmentBytes,
                                                  options.segment_bytes));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<FileLock>> LockDirectory(FileSystem& file_system,
                                                        const std::string& directory) {
  absl::StatusOr<std::unique_ptr<FileLock>> lock =
      file_system.Lock(directory, LockMode::kExclusive);
  if (absl::IsFailedPrecondition(lock.status())) {
    return absl::FailedPreconditionError(fmt::format(
        "the log in {} is in use by another process; only one may write it", directory));
  }
  return lock;
}

// Everything that counts of the last segment is synced afterwards, and a seal says so. A segment
// that a later one goes on from must be on the disk; after kill -9 it may be in memory only.
absl::Status SealLastSegment(FileSystem& file_system, const LoadedLog& loaded) {
  if (loaded.chain.segments.empty() || loaded.sealed) return absl::OkStatus();
  const SegmentInfo& last = loaded.chain.segments.back();
  const uint64_t end = std::max(loaded.chain.end, last.header.base);
  const uint64_t offset = kSegmentHeaderBytes + (end - last.header.base);
  if (loaded.torn.has_value()) {
    spdlog::warn("log: {}: torn tail cut at offset {}: frames that were never acknowledged",
                 last.path, offset);
  }
  const absl::StatusOr<std::unique_ptr<File>> file =
      file_system.Open(last.path, OpenMode::kReadWrite);
  if (!file.ok()) return file.status();
  if (absl::Status status = (*file)->Truncate(offset); !status.ok()) return status;
  if (absl::Status status = (*file)->Sync(); !status.ok()) return status;
  std::string seal(kFrameHeaderBytes, '\0');
  EncodeFrameHeader({.payload_check = PayloadCheck({})}, last.header.identity, end, seal.data());
  if (absl::Status status = (*file)->Write(offset, seal); !status.ok()) return status;
  return (*file)->Sync();
}

// Brings the small files up to date and removes what a crash left.
absl::Status TidyUp(const LocalLogEnvironment& environment, const LocalLogOptions& options,
                    LoadedLog& loaded) {
  FileSystem& file_system = *environment.file_system;
  for (const LogDamage& damage : loaded.damage) spdlog::error("log: {}", damage.reason);
  if (loaded.log_id == 0) loaded.log_id = environment.new_log_id;
  if (!loaded.state_intact) {
    SegmentFiles files(file_system, options.directory, options.segment_bytes, 0);
    const LogState state = {.log_id = loaded.log_id, .begin = loaded.chain.begin};
    if (absl::Status status = files.WriteState(state); !status.ok()) return status;
  }
  if (absl::Status status = SealLastSegment(file_system, loaded); !status.ok()) return status;
  for (const std::string& path : loaded.garbage) {
    if (absl::Status status = file_system.Remove(path); !status.ok()) return status;
  }
  return absl::OkStatus();
}

uint64_t RandomLogId() {
  std::random_device device;
  uint64_t id = 0;
  while (id == 0) id = (uint64_t{device()} << 32) | device();
  return id;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Log>> OpenLocalLogIn(LocalLogEnvironment environment,
                                                    const LocalLogOptions& options) {
  if (absl::Status status = Validate(options); !status.ok()) return status;
  FileSystem& file_system = *environment.file_system;
  if (absl::Status status = file_system.CreateDirectory(options.directory); !status.ok()) {
    return status;
  }
  absl::StatusOr<std::unique_ptr<FileLock>> lock = LockDirectory(file_system, options.directory);
  if (!lock.ok()) return lock.status();
  absl::StatusOr<LoadedLog> loaded = LoadLog(file_system, options.directory);
  if (!loaded.ok()) return loaded.status();
  absl::StatusOr<EpochFile> epoch_file = EpochFile::Open(file_system, options.directory);
  if (!epoch_file.ok()) return epoch_file.status();
  if (absl::Status status = epoch_file->Raise(options.epoch, loaded->epoch); !status.ok()) {
    return status;
  }
  if (absl::Status status = TidyUp(environment, options, *loaded); !status.ok()) return status;
  return std::make_unique<LocalLog>(LocalLog::Opened{.environment = std::move(environment),
                                                     .options = options,
                                                     .lock = *std::move(lock),
                                                     .epoch_file = *std::move(epoch_file),
                                                     .loaded = *std::move(loaded)});
}

absl::StatusOr<std::unique_ptr<Log>> OpenLocalLog(const LocalLogOptions& options) {
  return OpenLocalLogIn(
      {.file_system = std::make_shared<PosixFileSystem>(), .new_log_id = RandomLogId()}, options);
}

}  // namespace tidegate::storage
