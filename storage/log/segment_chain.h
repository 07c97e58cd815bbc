// The segments of a log directory, put in order: what is there, and what of it counts.
#ifndef TIDEGATE_STORAGE_LOG_SEGMENT_CHAIN_H_
#define TIDEGATE_STORAGE_LOG_SEGMENT_CHAIN_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/files/file_system.h"
#include "storage/log.h"
#include "storage/log/log_format.h"

namespace tidegate::storage {

struct SegmentInfo {
  SegmentHeader header;
  std::string path;
};

// Segments by number, and the stretch of positions that they hold.
struct SegmentChain {
  std::vector<SegmentInfo> segments;
  uint64_t begin = 0;
  uint64_t end = 0;

  // The frames of segments[index] count up to here: where the first later segment goes on, or the
  // end of the log.
  uint64_t Limit(size_t index) const;
  // Bytes of frames between begin and end.
  uint64_t Bytes() const;
};

// A log as it lies on the disk.
struct LoadedLog {
  uint64_t log_id = 0;       // 0 = the directory holds no log yet.
  uint64_t epoch = 0;        // The highest seen.
  uint64_t last_number = 0;  // The highest of any segment, garbage included.
  SegmentChain chain;
  uint64_t synced = 0;           // Everything before is known to be on the disk.
  bool sealed = false;           // The last segment ends with a seal.
  std::optional<uint64_t> torn;  // What was behind this position in the last segment is cut off.
  bool state_intact = false;
  bool epoch_intact = false;
  // Damage to files rather than to frames. Damaged frames show when they are replayed.
  std::vector<LogDamage> damage;
  // Files that hold nothing: trimmed segments and spares.
  std::vector<std::string> garbage;
};

// Reads what is needed to know the ends: all headers, all frames of the last segment. Changes
// nothing. FailedPrecondition: a newer format. DataLoss: state and every header are damaged.
absl::StatusOr<LoadedLog> LoadLog(FileSystem& file_system, const std::string& directory);

using FrameFn = std::function<absl::Status(LogPosition after, std::string_view frame)>;
using DamageFn = std::function<void(const LogDamage&)>;

// Log::Replay over a chain: every intact frame in [from, chain.end); what is missing between is
// reported as damage. `from` below chain.begin is damage too, except 0, which means "all there is".
absl::Status ReplayChain(FileSystem& file_system, const SegmentChain& chain, LogPosition from,
                         const FrameFn& frame_fn, const DamageFn& damage_fn);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_LOG_SEGMENT_CHAIN_H_
