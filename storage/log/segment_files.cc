#include "storage/log/segment_files.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <utility>

namespace tidegate::storage {

SegmentFiles::SegmentFiles(FileSystem& file_system, std::string directory, uint64_t segment_bytes,
                           size_t max_spares)
    : file_system_(file_system),
      directory_(std::move(directory)),
      segment_bytes_(segment_bytes),
      max_spares_(max_spares) {}

absl::StatusOr<SegmentFiles::Prepared> SegmentFiles::Prepare(const SegmentHeader& header) {
  std::string spare = TakeSpare();
  absl::StatusOr<std::unique_ptr<File>> file = Allocate(spare);
  absl::Status status = file.status();
  if (status.ok()) {
    std::string page = EncodeSegmentHeader(header);
    page.resize(kSegmentHeaderBytes);
    status = (*file)->Write(0, page);
  }
  if (!status.ok()) {
    RemoveQuietly(spare);
    return status;
  }
  return Prepared{.file = *std::move(file), .path = std::move(spare)};
}

absl::StatusOr<std::unique_ptr<File>> SegmentFiles::Allocate(const std::string& path) {
  absl::StatusOr<std::unique_ptr<File>> file = file_system_.Open(path, OpenMode::kCreate);
  if (!file.ok()) return file.status();
  if (absl::Status status = (*file)->Allocate(segment_bytes_); !status.ok()) return status;
  return file;
}

absl::Status SegmentFiles::Publish(const Prepared& segment, const SegmentHeader& header) {
  std::string path = segment.path;
  absl::Status status = segment.file->Sync();
  if (status.ok()) status = file_system_.Rename(segment.path, PathOf(header));
  if (status.ok()) {
    path = PathOf(header);
    status = file_system_.SyncDirectory(directory_);
  }
  if (!status.ok()) RemoveQuietly(path);
  return status;
}

void SegmentFiles::Recycle(const std::string& path, bool reusable) {
  bool keep = false;
  if (reusable) {
    const absl::StatusOr<std::unique_ptr<File>> file = file_system_.Open(path, OpenMode::kRead);
    const absl::StatusOr<uint64_t> size = file.ok() ? (*file)->Size() : file.status();
    keep = size.ok() && *size == segment_bytes_;  // Neither cut short nor grown by a large frame.
  }
  std::string spare;
  if (keep) {
    const absl::MutexLock lock(&mu_);
    keep = spares_.size() < max_spares_;
    if (keep) spare = Path(SpareFileName(next_spare_++));
  }
  if (!keep) return RemoveQuietly(path);
  if (absl::Status status = file_system_.Rename(path, spare); !status.ok()) {
    spdlog::warn("log: cannot recycle: {}", std::string(status.message()));
    return;
  }
  const absl::MutexLock lock(&mu_);
  spares_.push_back(std::move(spare));
}

absl::Status SegmentFiles::RemoveSpares() {
  std::vector<std::string> spares;
  {
    const absl::MutexLock lock(&mu_);
    spares.swap(spares_);
  }
  absl::Status result;
  for (const std::string& path : spares) result.Update(file_system_.Remove(path));
  if (!spares.empty()) result.Update(file_system_.SyncDirectory(directory_));
  return result;
}

absl::Status SegmentFiles::WriteState(const LogState& state) {
  const absl::StatusOr<std::unique_ptr<File>> file =
      file_system_.Open(Path(kStateFileName), OpenMode::kCreate);
  if (!file.ok()) return file.status();
  if (absl::Status status = (*file)->Write(0, EncodeLogState(state)); !status.ok()) return status;
  if (absl::Status status = (*file)->Sync(); !status.ok()) return status;
  return file_system_.SyncDirectory(directory_);
}

std::string SegmentFiles::PathOf(const SegmentHeader& header) const {
  return Path(SegmentFileName(header.identity.number, header.base));
}

std::string SegmentFiles::Path(std::string_view name) const {
  return fmt::format("{}/{}", directory_, name);
}

std::string SegmentFiles::TakeSpare() {
  const absl::MutexLock lock(&mu_);
  if (spares_.empty()) return Path(SpareFileName(next_spare_++));
  std::string spare = std::move(spares_.back());
  spares_.pop_back();
  return spare;
}

void SegmentFiles::RemoveQuietly(const std::string& path) {
  const absl::Status status = file_system_.Remove(path);
  // Not an error of the caller's work: the next opening finds the file and tries again.
  if (!status.ok() && !absl::IsNotFound(status)) {
    spdlog::warn("log: cannot remove: {}", std::string(status.message()));
  }
}

}  // namespace tidegate::storage
