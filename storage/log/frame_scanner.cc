#include "storage/log/frame_scanner.h"

#include <algorithm>
#include <limits>
#include <span>

#include "storage/log.h"

namespace tidegate::storage {
namespace {

constexpr uint64_t kWindowBytes = 1 << 20;
constexpr uint64_t kPageBytes = 4096;  // What a disk fails to read at once.
static_assert(kWindowBytes >= FrameBytes(kMaxLogFrameBytes));

constexpr uint64_t RoundUp(uint64_t position) {
  return (position + kFrameAlignment - 1) / kFrameAlignment * kFrameAlignment;
}

struct Hole {
  uint64_t begin = 0;
  uint64_t end = 0;
};

// Is there anything but zeros at or behind `offset`? Looks at the page where a torn frame begins;
// preallocated space that was never written is not worth a warning.
absl::StatusOr<bool> HasBytes(const File& file, uint64_t offset) {
  std::vector<char> bytes(4096);
  const absl::StatusOr<size_t> length = file.Read(offset, bytes);
  if (!length.ok()) return length.status();
  bytes.resize(*length);
  return std::any_of(bytes.begin(), bytes.end(), [](char byte) { return byte != 0; });
}

}  // namespace

FrameScanner::FrameScanner(const File& file, const SegmentHeader& header, uint64_t from,
                           uint64_t limit)
    : file_(file),
      identity_(header.identity),
      base_(header.base),
      limit_(limit),
      cursor_(RoundUp(std::max(from, header.base))) {}

absl::StatusOr<std::optional<ScannedFrame>> FrameScanner::Next() {
  while (cursor_ < limit_) {
    const absl::StatusOr<std::string_view> header =
        View(kSegmentHeaderBytes + (cursor_ - base_), kFrameHeaderBytes);
    if (!header.ok()) return header.status();
    if (header->size() < kFrameHeaderBytes) break;
    absl::StatusOr<std::optional<ScannedFrame>> frame = At(cursor_);
    if (!frame.ok()) return frame.status();
    if (frame->has_value()) {
      const bool seal = (*frame)->after == (*frame)->begin;
      cursor_ = seal ? cursor_ + kFrameHeaderBytes : (*frame)->after;
      return frame;
    }
    cursor_ += kFrameAlignment;
  }
  return std::nullopt;
}

absl::StatusOr<std::optional<ScannedFrame>> FrameScanner::At(uint64_t position) {
  const uint64_t offset = kSegmentHeaderBytes + (position - base_);
  absl::StatusOr<std::string_view> bytes = View(offset, kFrameHeaderBytes);
  if (!bytes.ok()) return bytes.status();
  const std::optional<FrameHeader> header = DecodeFrameHeader(*bytes, identity_, position);
  if (!header.has_value()) return std::nullopt;
  ScannedFrame frame = {
      .begin = position, .after = position, .synced_before = position - header->unsynced};
  if (header->length == 0) return frame;

  const uint64_t frame_bytes = FrameBytes(header->length);
  if (frame_bytes > limit_ - position) return std::nullopt;
  bytes = View(offset, kFrameHeaderBytes + header->length);
  if (!bytes.ok()) return bytes.status();
  frame.payload = bytes->substr(kFrameHeaderBytes);
  if (frame.payload.size() != header->length ||
      PayloadCheck(frame.payload) != header->payload_check) {
    return std::nullopt;
  }
  frame.after = position + frame_bytes;
  return frame;
}

absl::StatusOr<std::string_view> FrameScanner::View(uint64_t offset, uint64_t length) {
  const bool inside = offset >= window_offset_ && offset + length <= window_offset_ + window_bytes_;
  if (!inside) {
    window_.resize(kWindowBytes);
    absl::StatusOr<size_t> read = file_.Read(offset, window_);
    if (!read.ok()) read = ReadPages(offset);
    if (!read.ok()) return read.status();
    window_offset_ = offset;
    window_bytes_ = *read;
  }
  const uint64_t available = window_bytes_ - (offset - window_offset_);
  return std::string_view(window_.data() + (offset - window_offset_), std::min(length, available));
}

absl::StatusOr<size_t> FrameScanner::ReadPages(uint64_t offset) {
  const absl::StatusOr<uint64_t> size = file_.Size();
  if (!size.ok()) return size.status();
  const uint64_t bytes = std::min<uint64_t>(window_.size(), *size - std::min(*size, offset));
  uint64_t length = 0;
  for (uint64_t done = 0; done < bytes; done += length) {
    length = std::min(kPageBytes - (offset + done) % kPageBytes, bytes - done);
    const std::span<char> page(window_.data() + done, length);
    if (const absl::StatusOr<size_t> read = file_.Read(offset + done, page); read.ok()) continue;
    std::ranges::fill(page, '\0');  // No frame.
    const uint64_t end = offset + done + length - kSegmentHeaderBytes;
    unreadable_end_ = std::max(unreadable_end_, RoundUp(base_ + end));
  }
  return bytes;
}

absl::StatusOr<SegmentTail> FindSegmentTail(const File& file, const SegmentHeader& header) {
  FrameScanner scanner(file, header, header.base, std::numeric_limits<uint64_t>::max());
  std::vector<Hole> holes;
  uint64_t end = header.base;
  uint64_t synced = header.base;
  std::optional<uint64_t> seal;
  while (true) {
    const absl::StatusOr<std::optional<ScannedFrame>> frame = scanner.Next();
    if (!frame.ok()) return frame.status();
    if (!frame->has_value()) break;
    synced = std::max(synced, (*frame)->synced_before);
    if ((*frame)->after == (*frame)->begin) {
      seal = (*frame)->begin;
      continue;
    }
    if ((*frame)->begin > end) holes.push_back({.begin = end, .end = (*frame)->begin});
    end = (*frame)->after;
  }
  synced = std::max(synced, scanner.unreadable_end());
  // Nothing behind the last frame, though it was synced: a hole up to there.
  if (synced > end) {
    holes.push_back({.begin = end, .end = synced});
    end = synced;
  }

  const auto torn = std::find_if(holes.begin(), holes.end(),
                                 [&](const Hole& hole) { return hole.begin >= synced; });
  SegmentTail tail = {.end = torn == holes.end() ? end : torn->begin, .synced = synced};
  tail.sealed = seal == tail.end && torn == holes.end();
  if (tail.sealed) return tail;
  const absl::StatusOr<bool> remains =
      torn != holes.end() ? true : HasBytes(file, kSegmentHeaderBytes + (end - header.base));
  if (!remains.ok()) return remains.status();
  if (*remains) tail.torn = tail.end;
  return tail;
}

}  // namespace tidegate::storage
