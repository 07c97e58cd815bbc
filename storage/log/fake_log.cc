#include "storage/log/fake_log.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace tidegate::storage {

void FakeLog::RefuseAppends(const absl::Status& error) {
  const absl::MutexLock lock(&mu_);
  refusal_ = error;
}

void FakeLog::HoldBack(bool held) {
  const absl::MutexLock lock(&mu_);
  held_ = held;
  if (held) return;
  for (Frame& frame : frames_) {
    if (frame.fate == Fate::kPending) frame.fate = Fate::kDurable;
  }
  changed_.SignalAll();
}

void FakeLog::LoseHeldBack(const absl::Status& error) {
  const absl::MutexLock lock(&mu_);
  for (Frame& frame : frames_) {
    if (frame.fate != Fate::kPending) continue;
    frame.fate = Fate::kLost;
    frame.error = error;
  }
  ++generation_;
  changed_.SignalAll();
}

void FakeLog::Damage(LogPosition begin, LogPosition end) {
  const absl::MutexLock lock(&mu_);
  for (Frame& frame : frames_) {
    if (frame.begin < end && frame.after > begin) frame.fate = Fate::kDamaged;
  }
}

uint64_t FakeLog::generation() const {
  const absl::MutexLock lock(&mu_);
  return generation_;
}

absl::StatusOr<LogPosition> FakeLog::AppendFrame(std::string_view frame,
                                                 std::optional<uint64_t> generation) {
  if (frame.empty() || frame.size() > kMaxLogFrameBytes) {
    return absl::InvalidArgumentError("a log frame of a wrong size");
  }
  const absl::MutexLock lock(&mu_);
  if (absl::Status status = WritableLocked(frame.size()); !status.ok()) return status;
  if (generation.has_value() && *generation != generation_) {
    return absl::FailedPreconditionError("frames that this one builds on may be lost");
  }
  const LogPosition after = {end_.value + frame.size()};
  frames_.push_back({.begin = end_,
                     .after = after,
                     .bytes = std::string(frame),
                     .fate = held_ ? Fate::kPending : Fate::kDurable});
  return end_ = after;
}

absl::Status FakeLog::WaitDurable(LogPosition position, absl::Time deadline) {
  const absl::MutexLock lock(&mu_);
  if (position > end_) return absl::InvalidArgumentError("a position that was not appended");
  while (PendingLocked(position)) {
    if (changed_.WaitWithDeadline(&mu_, deadline) && PendingLocked(position)) {
      return absl::DeadlineExceededError("not durable yet");
    }
  }
  const Frame* frame = FindLocked(position);
  return frame == nullptr ? absl::OkStatus() : frame->error;
}

absl::Status FakeLog::Replay(
    LogPosition from,
    const std::function<absl::Status(LogPosition after, std::string_view frame)>& frame_fn,
    const std::function<void(const LogDamage&)>& damage_fn) {
  std::vector<Frame> frames;
  LogPosition begin;
  {
    const absl::MutexLock lock(&mu_);
    if (from > end_) {
      if (end_ != LogPosition{0}) return absl::OutOfRangeError("beyond the end of the log");
      damage_fn({.begin = end_, .end = from, .reason = "the log ends before this position"});
      begin_ = end_ = from;
    }
    begin = begin_;
    frames.assign(frames_.begin(), frames_.end());
  }
  if (from != LogPosition{0} && from < begin) {
    damage_fn({.begin = from, .end = begin, .reason = "trimmed: the log begins later"});
  }
  for (const Frame& frame : frames) {
    if (frame.begin < from || frame.fate == Fate::kLost) continue;
    if (frame.fate == Fate::kPending) break;
    if (frame.fate == Fate::kDamaged) {
      damage_fn({.begin = frame.begin, .end = frame.after, .reason = "damaged by a test"});
      continue;
    }
    if (absl::Status status = frame_fn(frame.after, frame.bytes); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status FakeLog::Trim(LogPosition position) {
  const absl::MutexLock lock(&mu_);
  while (!frames_.empty() && frames_.front().after <= position) {
    begin_ = frames_.front().after;
    frames_.pop_front();
  }
  return absl::OkStatus();
}

absl::Status FakeLog::ReleaseSpace() {
  const absl::MutexLock lock(&mu_);
  return closed_ ? absl::UnavailableError("the log is closed") : refusal_;
}

LogBounds FakeLog::bounds() const {
  const absl::MutexLock lock(&mu_);
  const auto pending = std::find_if(frames_.begin(), frames_.end(), [](const Frame& frame) {
    return frame.fate == Fate::kPending;
  });
  return {
      .begin = begin_, .end = pending == frames_.end() ? end_ : pending->begin, .appended = end_};
}

absl::Status FakeLog::Writable() const {
  const absl::MutexLock lock(&mu_);
  return WritableLocked(kMaxLogFrameBytes);
}

absl::Status FakeLog::WritableLocked(size_t more) const {
  if (closed_) return absl::UnavailableError("the log is closed");
  if (!refusal_.ok()) return refusal_;
  if (end_.value - begin_.value + more > max_bytes_) {
    return absl::ResourceExhaustedError("the log's bound is reached");
  }
  return absl::OkStatus();
}

uint64_t FakeLog::SizeBytes() const {
  const absl::MutexLock lock(&mu_);
  uint64_t bytes = 0;
  for (const Frame& frame : frames_) bytes += frame.bytes.size();
  return bytes;
}

absl::Status FakeLog::Close() {
  const absl::MutexLock lock(&mu_);
  closed_ = true;
  return absl::OkStatus();
}

const FakeLog::Frame* FakeLog::FindLocked(LogPosition position) const {
  const auto found =
      std::lower_bound(frames_.begin(), frames_.end(), position,
                       [](const Frame& frame, LogPosition value) { return frame.after < value; });
  return found == frames_.end() || found->begin >= position ? nullptr : &*found;
}

bool FakeLog::PendingLocked(LogPosition position) const {
  const Frame* frame = FindLocked(position);
  return frame != nullptr && frame->fate == Fate::kPending;
}

}  // namespace tidegate::storage
