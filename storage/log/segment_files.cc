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

absl::StatusOr<std::unique_ptr<File>> SegmentFiles::Start(const SegmentHeader& header) {
  const std::string spare = TakeSpare();
  absl::StatusOr<std::unique_ptr<File>> file = Prepare(spare, header);
  if (!file.ok()) {
    RemoveQuietly(spare);
    return file.status();
  }
  const std::string path = PathOf(header);
  absl::Status status = file_system_.Rename(spare, path);
  if (!status.ok()) {
    RemoveQuietly(spare);
    return status;
  }
  status = file_system_.SyncDirectory(directory_);
  if (!status.ok()) {
    RemoveQuietly(path);
    return status;
  }
  return file;
}

absl::StatusOr<std::unique_ptr<File>> SegmentFiles::Prepare(const std::string& path,
                                                            const SegmentHeader& header) {
  absl::StatusOr<std::unique_ptr<File>> file = file_system_.Open(path, OpenMode::kCreate);
  if (!file.ok()) return file.status();
  if (absl::Status status = (*file)->Allocate(segment_bytes_); !status.ok()) return status;
  std::string page = EncodeSegmentHeader(header);
  page.resize(kSegmentHeaderBytes);
  if (absl::Status status = (*file)->Write(0, page); !status.ok()) return status;
  if (absl::Status status = (*file)->Sync(); !status.ok()) return status;
  return file;
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
  const std::string temporary = Path(fmt::format("{}.new", kStateFileName));
  const absl::StatusOr<std::unique_ptr<File>> file =
      file_system_.Open(temporary, OpenMode::kCreate);
  if (!file.ok()) return file.status();
  if (absl::Status status = (*file)->Write(0, EncodeLogState(state)); !status.ok()) return status;
  if (absl::Status status = (*file)->Sync(); !status.ok()) return status;
  if (absl::Status status = file_system_.Rename(temporary, Path(kStateFileName)); !status.ok()) {
    return status;
  }
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
