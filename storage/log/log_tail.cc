#include "storage/log/log_tail.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "storage/log/log_format.h"

namespace tidegate::storage {

LogTail::LogTail(SegmentFiles& files, const Options& options,
                 std::function<void(const SegmentInfo&)> on_segment)
    : files_(files),
      options_(options),
      on_segment_(std::move(on_segment)),
      written_(options.end),
      synced_(options.end) {
  header_.identity = {.log_id = options.log_id, .number = options.last_number};
  header_.epoch = options.epoch;
}

absl::Status LogTail::StartSegment(uint64_t base) {
  NextHeader(base);
  absl::StatusOr<SegmentFiles::Prepared> segment = files_.Prepare(header_);
  return segment.ok() ? Publish(*std::move(segment), base) : segment.status();
}

absl::Status LogTail::WriteAgain(std::deque<FrameBuffer>& groups) {
  const uint64_t base = std::max(groups.front().begin(), synced_);
  NextHeader(base);
  absl::StatusOr<SegmentFiles::Prepared> segment = files_.Prepare(header_);
  if (!segment.ok()) return segment.status();
  for (FrameBuffer& group : groups) {
    const uint64_t from = std::max(group.begin(), base);
    if (absl::Status status = WriteRun(*segment->file, group, from, group.end()); !status.ok()) {
      files_.Discard(*segment);
      return status;
    }
  }
  return Publish(*std::move(segment), groups.back().end());
}

void LogTail::NextHeader(uint64_t base) {
  file_.reset();
  ++header_.identity.number;  // Also after a failure: the file may be there after a crash.
  header_.base = base;
  header_.continues_from = synced_;
}

absl::Status LogTail::Publish(SegmentFiles::Prepared segment, uint64_t end) {
  if (absl::Status status = files_.Publish(segment, header_); !status.ok()) return status;
  file_ = std::move(segment.file);
  written_ = synced_ = end;
  on_segment_({.header = header_, .path = files_.PathOf(header_)});
  return absl::OkStatus();
}

absl::Status LogTail::Write(FrameBuffer& frames, uint64_t from) {
  while (from < frames.end()) {
    if (absl::Status status = MakeRoom(frames.FrameBytesAt(from)); !status.ok()) return status;
    uint64_t to = from + frames.FrameBytesAt(from);
    while (to < frames.end() && Fits(to + frames.FrameBytesAt(to))) to += frames.FrameBytesAt(to);
    if (absl::Status status = WriteRun(*file_, frames, from, to); !status.ok()) return status;
    written_ = from = to;
  }
  return absl::OkStatus();
}

absl::Status LogTail::WriteRun(File& file, FrameBuffer& frames, uint64_t from, uint64_t to) {
  const uint64_t synced = std::max(synced_, header_.base);
  for (uint64_t at = from; at < to; at += frames.FrameBytesAt(at)) {
    FrameHeader header{.unsynced = static_cast<uint32_t>(at - synced)};
    std::memcpy(&header.length, frames.At(at), sizeof header.length);
    std::memcpy(&header.payload_check, frames.At(at) + 8, sizeof header.payload_check);
    EncodeFrameHeader(header, header_.identity, at, frames.At(at));
  }
  return file.Write(Offset(from), {frames.At(from), to - from});
}

absl::Status LogTail::MakeRoom(uint64_t frame_bytes) {
  if (file_ != nullptr) {
    // The first frame of a segment always fits: the file grows if it must.
    if (Fits(written_ + frame_bytes) || written_ == header_.base) return absl::OkStatus();
    if (absl::Status status = Sync(); !status.ok()) return status;
  }
  return StartSegment(written_);
}

absl::Status LogTail::Sync() {
  if (synced_ == written_) return absl::OkStatus();
  if (absl::Status status = file_->Sync(); !status.ok()) return status;
  synced_ = written_;
  return absl::OkStatus();
}

void LogTail::Seal() {
  if (file_ == nullptr || synced_ != written_) return;
  std::array<char, kFrameHeaderBytes> seal;
  EncodeFrameHeader({.payload_check = PayloadCheck({})}, header_.identity, written_, seal.data());
  file_->Write(Offset(written_), {seal.data(), seal.size()}).IgnoreError();
}

void LogTail::Abandon() {
  if (file_ != nullptr) {
    // Gives space back; a full disk may need it to go on. What was written stays until the next
    // segment says from where it goes on: a crash before loses nothing that was written.
    file_->Truncate(Offset(written_)).IgnoreError();
    file_.reset();
    // Nothing came of this segment: the next one goes on where it went on.
    if (synced_ == header_.base) synced_ = header_.continues_from;
  }
  written_ = synced_;
}

absl::Status LogTail::Finish() {
  if (file_ == nullptr) return absl::OkStatus();
  if (absl::Status status = Sync(); !status.ok()) return status;
  Seal();
  const std::unique_ptr<File> file = std::move(file_);
  if (absl::Status status = file->Truncate(Offset(written_) + kFrameHeaderBytes); !status.ok()) {
    return status;
  }
  return file->Sync();
}

bool LogTail::Fits(uint64_t position) const {
  return Offset(position) + kFrameHeaderBytes <= files_.segment_bytes();
}

uint64_t LogTail::Offset(uint64_t position) const {
  return kSegmentHeaderBytes + (position - header_.base);
}

}  // namespace tidegate::storage
