// The write-ahead log: what makes an acknowledged push durable.
//
// A narrow seam: the local log (storage/log) is the first implementation; a replicated engine can
// stand behind the same interface. Nothing in head, query or api knows which one it is.
#ifndef TIDEGATE_STORAGE_LOG_H_
#define TIDEGATE_STORAGE_LOG_H_

#include <compare>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace tidegate::storage {

// A place in the endless log; grows with every frame. Positions stay valid over restarts.
struct LogPosition {
  uint64_t value = 0;
  friend auto operator<=>(const LogPosition&, const LogPosition&) = default;
};

// The largest frame that Append takes.
inline constexpr size_t kMaxLogFrameBytes = 256 << 10;

// What an acknowledged frame survives.
enum class LogDurability {
  kGroup,     // Synced to the disk before it is acknowledged: a crash of process or machine.
  kInterval,  // Written to the file, synced within the interval: a crash of the process only.
};

struct LogBounds {
  LogPosition begin;     // First position kept.
  LogPosition end;       // First position that is not acknowledged yet.
  LogPosition appended;  // Just behind the last frame that Append took; at least `end`.
};

// A stretch that replay found damaged and skipped; `reason` names file and offset.
struct LogDamage {
  LogPosition begin;
  LogPosition end;
  std::string reason;
};

// One partition of the log. Thread safe. One process owns it: opening a log that another process
// holds fails with FailedPrecondition; a writer whose epoch was superseded gets Aborted ("fenced").
class Log {
 public:
  virtual ~Log() = default;

  // Puts a frame (1..kMaxLogFrameBytes bytes) behind all earlier ones and returns the position just
  // after it, at once: the frame is not durable yet. Frames become durable in order. Errors, with
  // nothing appended: ResourceExhausted when the disk is full or the log's bound is reached (the
  // log tries again by itself when space returns), Aborted when fenced, InvalidArgument for a frame
  // of a wrong size.
  absl::StatusOr<LogPosition> Append(std::string_view frame) {
    return AppendFrame(frame, std::nullopt);
  }

  // Frames that build on each other. A failed write or sync loses every frame that is not durable
  // by then, all of them together, and starts a new generation. So within a generation a durable
  // frame proves the ones before it; and a frame that needs earlier ones names the generation that
  // it saw before it was made: FailedPrecondition when another has started since, and the frame has
  // to be made anew without what may be lost.
  virtual uint64_t generation() const = 0;
  absl::StatusOr<LogPosition> Append(std::string_view frame, uint64_t generation) {
    return AppendFrame(frame, generation);
  }

  // Frames need not be written before somebody waits for them, or for later ones: those who append
  // wait. Blocks until everything before `position` is as durable as durability() promises.
  // Unavailable or ResourceExhausted when a write or sync failed: the frames between are lost to
  // replay or in doubt ("unknown"), and must not be acknowledged. DeadlineExceeded when `deadline`
  // passes first.
  virtual absl::Status WaitDurable(LogPosition position, absl::Time deadline) = 0;

  // Calls `frame_fn` with every intact frame in [from, end) in order: the position after the frame
  // and its bytes. A torn tail was cut when the log was opened. Damage in the middle is skipped to
  // the next intact frame and reported to `damage_fn`; it is never a silent gap, and neither is a
  // `from` that was trimmed (zero means all there is). A `from` beyond the end is reported, too,
  // and the log goes on from there, if nothing was appended yet; otherwise it is OutOfRange. An
  // error from `frame_fn` stops and is returned. Used before the first Append and for tailing.
  virtual absl::Status Replay(
      LogPosition from,
      const std::function<absl::Status(LogPosition after, std::string_view frame)>& frame_fn,
      const std::function<void(const LogDamage&)>& damage_fn) = 0;

  // Gives up everything before `position` (whole segments; the rest goes later).
  virtual absl::Status Trim(LogPosition position) = 0;

  // Gives back space that is allocated ahead, once everything appended before the call is durable.
  // The log goes on; the next frames allocate anew. An error loses nothing: what Append returns, or
  // that of the disk.
  virtual absl::Status ReleaseSpace() = 0;

  virtual LogBounds bounds() const = 0;
  virtual LogDurability durability() const = 0;
  // Ok, or why Append would refuse right now.
  virtual absl::Status Writable() const = 0;
  // Bytes on disk that hold frames which are not trimmed.
  virtual uint64_t SizeBytes() const = 0;

  // Syncs, stops the writer and releases what is preallocated. Called once, with no other call
  // running; the destructor does it too.
  virtual absl::Status Close() = 0;

 private:
  // `generation`: refuse unless it is the current one.
  virtual absl::StatusOr<LogPosition> AppendFrame(std::string_view frame,
                                                  std::optional<uint64_t> generation) = 0;
};

struct LocalLogOptions {
  std::string directory;
  LogDurability durability = LogDurability::kGroup;
  absl::Duration sync_interval = absl::Milliseconds(200);  // For kInterval.
  uint64_t segment_bytes = 64 << 20;  // Size of a segment file; recycled when trimmed.
  // Append answers ResourceExhausted beyond this much untrimmed log (the store is away for long).
  uint64_t max_bytes = uint64_t{16} << 30;
  // Frames waiting in memory for the writer; beyond it Append blocks the caller briefly.
  uint64_t max_queued_bytes = 64 << 20;
  uint64_t epoch = 0;  // Fencing; must not be below the epoch that the directory has seen.
};

// Opens or creates a log in a directory. FailedPrecondition: held by another process, or written by
// a newer format. Aborted: the directory has seen a higher epoch. Damage is not an error here:
// Replay reports it.
absl::StatusOr<std::unique_ptr<Log>> OpenLocalLog(const LocalLogOptions& options);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_LOG_H_
