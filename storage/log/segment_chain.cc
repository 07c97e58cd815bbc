#include "storage/log/segment_chain.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "storage/log/frame_scanner.h"

namespace tidegate::storage {
namespace {

std::string Text(const absl::Status& status) {
  return std::string(status.message().data(), status.message().size());
}

// The first bytes of a file; enough for every record of the format.
absl::StatusOr<std::string> ReadRecord(FileSystem& file_system, const std::string& path) {
  const absl::StatusOr<std::unique_ptr<File>> file = file_system.Open(path, OpenMode::kRead);
  if (!file.ok()) return file.status();
  std::string bytes(256, '\0');
  const absl::StatusOr<size_t> length = (*file)->Read(0, bytes);
  if (!length.ok()) return length.status();
  bytes.resize(*length);
  return bytes;
}

absl::Status NewerFormat(const std::string& path, const absl::Status& status) {
  return absl::FailedPreconditionError(fmt::format("{}: {}", path, Text(status)));
}

// One load, step by step.
class Loader {
 public:
  Loader(FileSystem& file_system, const std::string& directory)
      : file_system_(file_system), directory_(directory) {}

  absl::StatusOr<LoadedLog> Run() {
    for (const auto step : {&Loader::List, &Loader::ReadState, &Loader::DropTrimmed,
                            &Loader::ReadHeaders, &Loader::ReadEpoch, &Loader::FindEnd}) {
      if (absl::Status status = (this->*step)(); !status.ok()) return status;
    }
    return std::move(log_);
  }

 private:
  std::string Path(std::string_view name) const { return fmt::format("{}/{}", directory_, name); }

  absl::Status List() {
    const absl::StatusOr<std::vector<std::string>> names = file_system_.List(directory_);
    if (!names.ok()) return names.status();
    for (const std::string& name : *names) {
      if (IsSpareFileName(name)) log_.garbage.push_back(Path(name));
      const std::optional<SegmentName> segment = ParseSegmentFileName(name);
      if (!segment.has_value()) continue;
      log_.last_number = std::max(log_.last_number, segment->number);
      // What the name tells is right also when the header turns out to be damaged.
      log_.chain.segments.push_back(
          {.header = {.identity = {.log_id = 0, .number = segment->number},
                      .base = segment->base,
                      .continues_from = segment->base},
           .path = Path(name)});
    }
    return absl::OkStatus();  // Sorted: the names begin with the number.
  }

  absl::Status ReadState() {
    const std::string path = Path(kStateFileName);
    const absl::StatusOr<std::string> bytes = ReadRecord(file_system_, path);
    // Missing or empty: the directory is new, and no segment was made yet.
    const bool is_new = absl::IsNotFound(bytes.status()) || (bytes.ok() && bytes->empty());
    if (is_new && log_.chain.segments.empty()) return absl::OkStatus();
    if (!bytes.ok() && !is_new) return bytes.status();
    if (is_new) {
      NoteDamage(0, fmt::format("{}: missing; its contents are taken from the segments", path));
      return absl::OkStatus();
    }
    const absl::StatusOr<LogState> state = DecodeLogState(*bytes);
    if (absl::IsFailedPrecondition(state.status())) return NewerFormat(path, state.status());
    if (!state.ok()) {
      NoteDamage(0, fmt::format("{}: damaged; its contents are taken from the segments", path));
      return absl::OkStatus();
    }
    log_.log_id = state->log_id;
    log_.chain.begin = state->begin;
    log_.state_intact = true;
    return absl::OkStatus();
  }

  // A trim records the new begin before it removes files; a crash may leave any of them, and the
  // bytes of a later segment in a file that has its old name.
  absl::Status DropTrimmed() {
    std::vector<SegmentInfo>& segments = log_.chain.segments;
    if (!log_.state_intact) return absl::OkStatus();
    while (segments.size() > 1 && segments[1].header.base <= log_.chain.begin) {
      log_.garbage.push_back(segments.front().path);
      segments.erase(segments.begin());
    }
    return absl::OkStatus();
  }

  absl::Status ReadHeaders() {
    std::vector<SegmentInfo*> damaged;
    for (SegmentInfo& segment : log_.chain.segments) {
      const absl::StatusOr<std::string> bytes = ReadRecord(file_system_, segment.path);
      if (absl::IsNotFound(bytes.status())) return bytes.status();
      // What cannot be read is as lost as what does not check.
      const absl::StatusOr<SegmentHeader> header =
          bytes.ok() ? DecodeSegmentHeader(*bytes) : bytes.status();
      if (absl::IsFailedPrecondition(header.status())) {
        return NewerFormat(segment.path, header.status());
      }
      if (!header.ok() || !Fits(*header, segment.header)) {
        damaged.push_back(&segment);
        continue;
      }
      if (log_.log_id == 0) log_.log_id = header->identity.log_id;
      segment.header = *header;
      log_.epoch = std::max(log_.epoch, header->epoch);
    }
    if (log_.log_id == 0 && !damaged.empty()) {
      return absl::DataLossError(
          fmt::format("{}: {} and every segment header are damaged", directory_, kStateFileName));
    }
    for (SegmentInfo* segment : damaged) {
      segment->header.identity.log_id = log_.log_id;
      NoteDamage(segment->header.base,
                 fmt::format("{}: segment header damaged at offset 0", segment->path));
    }
    return absl::OkStatus();
  }

  bool Fits(const SegmentHeader& header, const SegmentHeader& name) const {
    return header.identity.number == name.identity.number && header.base == name.base &&
           (log_.log_id == 0 || header.identity.log_id == log_.log_id);
  }

  absl::Status ReadEpoch() {
    const std::string path = Path(kEpochFileName);
    const absl::StatusOr<std::string> bytes = ReadRecord(file_system_, path);
    if (absl::IsNotFound(bytes.status())) return absl::OkStatus();
    if (!bytes.ok()) return bytes.status();
    // Empty: the process died between making the file and writing the first epoch.
    const absl::StatusOr<uint64_t> epoch = bytes->empty() ? uint64_t{0} : DecodeEpoch(*bytes);
    if (absl::IsFailedPrecondition(epoch.status())) return NewerFormat(path, epoch.status());
    if (!epoch.ok()) {
      NoteDamage(0, fmt::format("{}: damaged; the epoch is taken from the segments", path));
      return absl::OkStatus();
    }
    log_.epoch = std::max(log_.epoch, *epoch);
    log_.epoch_intact = true;
    return absl::OkStatus();
  }

  absl::Status FindEnd() {
    const std::vector<SegmentInfo>& segments = log_.chain.segments;
    if (!log_.state_intact && !segments.empty()) {
      log_.chain.begin = segments.front().header.continues_from;
    }
    log_.chain.end = log_.chain.begin;
    if (segments.empty()) return absl::OkStatus();
    const SegmentInfo& last = segments.back();
    const absl::StatusOr<std::unique_ptr<File>> file =
        file_system_.Open(last.path, OpenMode::kRead);
    if (!file.ok()) return file.status();
    const absl::StatusOr<SegmentTail> tail = FindSegmentTail(**file, last.header);
    if (!tail.ok()) return tail.status();
    log_.chain.end = std::max(tail->end, log_.chain.begin);
    log_.synced = tail->synced;
    log_.sealed = tail->sealed;
    log_.torn = tail->torn;
    return absl::OkStatus();
  }

  void NoteDamage(uint64_t position, std::string reason) {
    log_.damage.push_back({.begin = {position}, .end = {position}, .reason = std::move(reason)});
  }

  FileSystem& file_system_;
  const std::string& directory_;
  LoadedLog log_;
};

// One replay. `cursor_` is the position up to which everything was delivered or reported.
class Replayer {
 public:
  Replayer(FileSystem& file_system, const SegmentChain& chain, const FrameFn& frame_fn,
           const DamageFn& damage_fn)
      : file_system_(file_system), chain_(chain), frame_fn_(frame_fn), damage_fn_(damage_fn) {}

  absl::Status Run(uint64_t from) {
    cursor_ = from == 0 ? chain_.begin : from;
    if (cursor_ < chain_.begin) {
      ReportUpTo(chain_.begin, "trimmed: the log begins later");
    }
    for (size_t i = 0; i < chain_.segments.size(); ++i) {
      const SegmentInfo& segment = chain_.segments[i];
      const uint64_t limit = chain_.Limit(i);
      ReportUpTo(std::min(segment.header.continues_from, limit),
                 fmt::format("{}: what stands before this segment is missing", segment.path));
      cursor_ = std::max(cursor_, segment.header.base);
      if (limit <= cursor_) continue;
      if (absl::Status status = ReplaySegment(segment, limit); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

 private:
  absl::Status ReplaySegment(const SegmentInfo& segment, uint64_t limit) {
    const absl::StatusOr<std::unique_ptr<File>> file =
        file_system_.Open(segment.path, OpenMode::kRead);
    if (!file.ok()) return file.status();
    FrameScanner scanner(**file, segment.header, cursor_, limit);
    while (true) {
      const absl::StatusOr<std::optional<ScannedFrame>> frame = scanner.Next();
      if (!frame.ok()) return frame.status();
      if (!frame->has_value()) break;
      if ((*frame)->payload.empty()) continue;  // A seal.
      ReportHole(segment, (*frame)->begin);
      cursor_ = (*frame)->after;
      if (absl::Status status = frame_fn_({(*frame)->after}, (*frame)->payload); !status.ok()) {
        return status;
      }
    }
    ReportHole(segment, limit);
    return absl::OkStatus();
  }

  void ReportHole(const SegmentInfo& segment, uint64_t end) {
    if (cursor_ >= end) return;
    const uint64_t offset = kSegmentHeaderBytes + (cursor_ - segment.header.base);
    ReportUpTo(
        end, fmt::format("{}: {} damaged bytes at offset {}", segment.path, end - cursor_, offset));
  }

  void ReportUpTo(uint64_t end, std::string reason) {
    if (cursor_ >= end) return;
    damage_fn_({.begin = {cursor_}, .end = {end}, .reason = std::move(reason)});
    cursor_ = end;
  }

  FileSystem& file_system_;
  const SegmentChain& chain_;
  const FrameFn& frame_fn_;
  const DamageFn& damage_fn_;
  uint64_t cursor_ = 0;
};

}  // namespace

uint64_t SegmentChain::Limit(size_t index) const {
  uint64_t limit = end;
  for (size_t later = index + 1; later < segments.size(); ++later) {
    limit = std::min(limit, segments[later].header.continues_from);
  }
  return limit;
}

uint64_t SegmentChain::Bytes() const {
  uint64_t bytes = 0;
  uint64_t limit = end;
  for (size_t i = segments.size(); i-- > 0;) {
    const SegmentHeader& header = segments[i].header;
    bytes += limit - std::min(limit, header.base);
    limit = std::min(limit, header.continues_from);
  }
  return bytes;
}

absl::StatusOr<LoadedLog> LoadLog(FileSystem& file_system, const std::string& directory) {
  return Loader(file_system, directory).Run();
}

absl::Status ReplayChain(FileSystem& file_system, const SegmentChain& chain, LogPosition from,
                         const FrameFn& frame_fn, const DamageFn& damage_fn) {
  return Replayer(file_system, chain, frame_fn, damage_fn).Run(from.value);
}

}  // namespace tidegate::storage
