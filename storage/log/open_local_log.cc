#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

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

// Writes the bytes in [begin, end) over themselves. What a dead process wrote may be in memory
// only, and if its sync failed the kernel takes those pages for clean: only a new write makes it
// try again.
absl::Status WriteOver(File& file, uint64_t begin, uint64_t end) {
  std::vector<char> chunk(1 << 20);
  while (begin < end) {
    chunk.resize(std::min<uint64_t>(chunk.size(), end - begin));
    const absl::StatusOr<size_t> length = file.Read(begin, chunk);
    if (!length.ok()) return length.status();
    if (*length == 0) break;
    if (absl::Status status = file.Write(begin, {chunk.data(), *length}); !status.ok()) {
      return status;
    }
    begin += *length;
  }
  return absl::OkStatus();
}

// Everything that counts of the last segment is on the disk afterwards, and a seal says so: replay
// will hand it out, and a later segment will go on from it.
absl::Status SealLastSegment(FileSystem& file_system, const LoadedLog& loaded) {
  if (loaded.chain.segments.empty() || loaded.sealed) return absl::OkStatus();
  const SegmentInfo& last = loaded.chain.segments.back();
  const auto offset_of = [&](uint64_t position) {
    return kSegmentHeaderBytes + (std::max(position, last.header.base) - last.header.base);
  };
  const uint64_t offset = offset_of(loaded.chain.end);
  if (loaded.torn.has_value()) {
    spdlog::warn("log: {}: torn tail cut at offset {}: frames that were never acknowledged",
                 last.path, offset);
  }
  const absl::StatusOr<std::unique_ptr<File>> opened =
      file_system.Open(last.path, OpenMode::kReadWrite);
  if (!opened.ok()) return opened.status();
  File& file = **opened;
  if (absl::Status status = file.Truncate(offset); !status.ok()) return status;
  if (absl::Status status = WriteOver(file, offset_of(loaded.synced), offset); !status.ok()) {
    return status;
  }
  if (absl::Status status = file.Sync(); !status.ok()) return status;
  std::string seal(kFrameHeaderBytes, '\0');
  EncodeFrameHeader({.payload_check = PayloadCheck({})}, last.header.identity,
                    std::max(loaded.chain.end, last.header.base), seal.data());
  if (absl::Status status = file.Write(offset, seal); !status.ok()) return status;
  return file.Sync();
}

// Brings the small files up to date and removes what a crash left.
absl::Status TidyUp(const LocalLogEnvironment& environment, const LocalLogOptions& options,
                    LoadedLog& loaded) {
  FileSystem& file_system = *environment.file_system;
  for (const LogDamage& damage : loaded.damage) spdlog::error("log: {}", damage.reason);
  if (loaded.log_id == 0) loaded.log_id = environment.new_log_id;
  // Also when it is intact: what a dead process wrote there may be in memory only, and garbage must
  // not go before the record of it is on the disk.
  SegmentFiles files(file_system, options.directory, options.segment_bytes, 0);
  const LogState state = {.log_id = loaded.log_id, .begin = loaded.chain.begin};
  if (absl::Status status = files.WriteState(state); !status.ok()) return status;
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
