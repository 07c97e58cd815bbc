// The bytes of the log on disk: names, segment header, frames, the state and epoch files.
//
// Encoders and decoders without I/O. All numbers are little-endian. The page is
// docs/formats/log.md; the golden bytes are in log_format_test.cc.
#ifndef TIDEGATE_STORAGE_LOG_LOG_FORMAT_H_
#define TIDEGATE_STORAGE_LOG_LOG_FORMAT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace tidegate::storage {

inline constexpr uint32_t kLogFormatVersion = 1;

// A segment's frames begin behind one page that only the header uses.
inline constexpr uint64_t kSegmentHeaderBytes = 4096;
inline constexpr uint64_t kFrameHeaderBytes = 24;
inline constexpr uint64_t kFrameAlignment = 8;

inline constexpr std::string_view kStateFileName = "STATE";
inline constexpr std::string_view kEpochFileName = "EPOCH";

// What a frame's header check is mixed with: a frame is valid in the segment that it was written
// for only, so that the old bytes of a recycled file never pass for new ones.
struct SegmentIdentity {
  uint64_t log_id = 0;  // Random; one per directory for its whole life.
  uint64_t number = 0;  // Counts all segments that the log ever had, from 1.
  friend bool operator==(const SegmentIdentity&, const SegmentIdentity&) = default;
};

struct SegmentHeader {
  SegmentIdentity identity;
  uint64_t base = 0;  // Position of the first frame.
  // The frames of earlier segments count up to here, and all of them were synced before this
  // segment came to be. Below `base` when writing failed between: [continues_from, base) was never
  // acknowledged and holds nothing.
  uint64_t continues_from = 0;
  uint64_t epoch = 0;  // Of the writer.
};

// A frame without payload is a seal: it takes no position, stands where the next frame will, and
// only says what was synced.
struct FrameHeader {
  uint32_t length = 0;  // Of the payload, at most kMaxLogFrameBytes.
  // Everything before (position of this frame - unsynced) was on the disk when it was written. This
  // is what tells a torn tail from damage.
  uint32_t unsynced = 0;
  uint64_t payload_check = 0;
};

struct LogState {
  uint64_t log_id = 0;
  uint64_t begin = 0;  // Everything before was given up; segments wholly before it are garbage.
};

// Bytes that a frame takes: header, payload, zeros up to the alignment. Positions count these.
constexpr uint64_t FrameBytes(uint64_t payload_length) {
  return (kFrameHeaderBytes + payload_length + kFrameAlignment - 1) / kFrameAlignment *
         kFrameAlignment;
}

uint64_t PayloadCheck(std::string_view payload);

// Writes kFrameHeaderBytes at `into`.
void EncodeFrameHeader(const FrameHeader& header, const SegmentIdentity& segment, uint64_t position,
                       char* into);
// nullopt unless `bytes` begins with a header that was written for this segment and position.
std::optional<FrameHeader> DecodeFrameHeader(std::string_view bytes, const SegmentIdentity& segment,
                                             uint64_t position);

// The decoders below answer DataLoss for bytes that are not intact and FailedPrecondition for an
// intact file of a newer version: a flipped version byte is damage, not news from the future.
std::string EncodeSegmentHeader(const SegmentHeader& header);
absl::StatusOr<SegmentHeader> DecodeSegmentHeader(std::string_view bytes);

std::string EncodeLogState(const LogState& state);
absl::StatusOr<LogState> DecodeLogState(std::string_view bytes);

std::string EncodeEpoch(uint64_t epoch);
absl::StatusOr<uint64_t> DecodeEpoch(std::string_view bytes);

// The name carries number and base too, so that frames stay readable when the header is damaged.
std::string SegmentFileName(uint64_t number, uint64_t base);
struct SegmentName {
  uint64_t number = 0;
  uint64_t base = 0;
};
std::optional<SegmentName> ParseSegmentFileName(std::string_view name);

// A file that holds nothing and waits to become a segment.
std::string SpareFileName(uint64_t index);
bool IsSpareFileName(std::string_view name);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_LOG_LOG_FORMAT_H_
