#include "storage/log/local_log.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "model/fail_point.h"
#include "storage/log/log_format.h"

namespace tidegate::storage {
namespace {

// kInterval: frames that wait for their sync are kept in memory; beyond this they do not wait.
constexpr uint64_t kMaxUnsyncedBytes = 8 << 20;

// The pretext under which Replay lets the writer move on to a higher position.
absl::Status MovingOn() { return absl::UnavailableError("the log moves on to a later position"); }

std::string Text(const absl::Status& status) {
  return std::string(status.message().data(), status.message().size());
}

}  // namespace

LocalLog::LocalLog(Opened opened)
    : environment_(std::move(opened.environment)),
      options_(std::move(opened.options)),
      log_id_(opened.loaded.log_id),
      open_damage_(std::move(opened.loaded.damage)),
      epoch_file_(std::move(opened.epoch_file)),
      lock_(std::move(opened.lock)),
      files_(*environment_.file_system, options_.directory, options_.segment_bytes,
             environment_.max_spare_segments),
      tail_(files_,
            {.log_id = log_id_,
             .epoch = options_.epoch,
             .last_number = opened.loaded.last_number,
             .end = opened.loaded.chain.end},
            [this](const SegmentInfo& segment) {
              const absl::MutexLock lock(&mu_);
              chain_.segments.push_back(segment);
            }),
      filling_(opened.loaded.chain.end),
      chain_(std::move(opened.loaded.chain)),
      verdicts_(chain_.end),
      retry_pause_(environment_.first_retry) {
  writer_ = std::thread([this] { WriteLoop(); });
}

LocalLog::~LocalLog() {
  if (const absl::Status status = Close(); !status.ok()) {
    spdlog::error("log {}: closing: {}", options_.directory, Text(status));
  }
}

uint64_t LocalLog::generation() const {
  const absl::MutexLock lock(&mu_);
  return generation_;
}

absl::StatusOr<LogPosition> LocalLog::AppendFrame(std::string_view frame,
                                                  std::optional<uint64_t> generation) {
  if (frame.empty() || frame.size() > kMaxLogFrameBytes) {
    return absl::InvalidArgumentError(
        fmt::format("a log frame has 1 to {} bytes, not {}", kMaxLogFrameBytes, frame.size()));
  }
  const uint64_t payload_check = PayloadCheck(frame);  // Outside of the lock: it reads every byte.
  const uint64_t bytes = FrameBytes(frame.size());
  const absl::MutexLock lock(&mu_);
  while (true) {
    if (absl::Status status = WritableLocked(bytes); !status.ok()) return status;
    const uint64_t queued = filling_.size() + writing_bytes_;
    if (queued == 0 || queued + bytes <= options_.max_queued_bytes) break;
    if (!LeadGroup()) settled_.Wait(&mu_);
  }
  if (generation.has_value() && *generation != generation_) {
    return absl::FailedPreconditionError("frames that this one builds on may be lost");
  }
  const bool writer_may_sleep = filling_.empty() && !InGroupMode();
  filling_.Add(frame, payload_check);
  appended_ = true;
  if (writer_may_sleep) work_.Signal();
  return LogPosition{filling_.end()};
}

absl::Status LocalLog::WaitDurable(LogPosition position, absl::Time deadline) {
  const absl::MutexLock lock(&mu_);
  if (position.value > filling_.end()) {
    return absl::InvalidArgumentError(fmt::format("position {} was not appended", position.value));
  }
  while (verdicts_.settled() < position.value) {
    if (closed_) return absl::UnavailableError("the log is closed");
    if (LeadGroup()) continue;
    if (settled_.WaitWithDeadline(&mu_, deadline) && verdicts_.settled() < position.value) {
      return absl::DeadlineExceededError(
          fmt::format("position {} is not durable yet", position.value));
    }
  }
  return verdicts_.Of(position.value);
}

bool LocalLog::LeadGroup() {
  if (!InGroupMode() || committing_ || closing_ || !failure_.ok() || filling_.empty()) return false;
  TakeGroup();
  mu_.Unlock();
  CommitGroup();
  mu_.Lock();
  // The writer stands back while somebody commits.
  if (closing_ || !failure_.ok() || release_asked_ > released_) work_.Signal();
  return true;
}

void LocalLog::TakeGroup() {
  committing_ = true;
  std::swap(filling_, writing_);
  filling_.Reset(writing_.end());
  writing_bytes_ = writing_.size();
}

// ---- The writer thread.

void LocalLog::WriteLoop() {
  while (true) {
    Work work;
    {
      const absl::MutexLock lock(&mu_);
      work = WaitForWork();
      committing_ = InGroupMode();
      if (work == Work::kGroup) TakeGroup();
    }
    switch (work) {
      case Work::kGroup:
        CommitGroup();
        break;
      case Work::kSync:
        SyncInterval();
        break;
      case Work::kRelease:
        Release();
        break;
      case Work::kResume:
        Resume();
        break;
      case Work::kStop:
        return;
    }
  }
}

LocalLog::Work LocalLog::WaitForWork() {
  while (true) {
    while (committing_) work_.Wait(&mu_);
    const absl::Time now = absl::Now();
    if (failure_.ok()) {
      if (now >= sync_at_) return Work::kSync;  // First: groups may come without a pause.
      // In front of later groups, which may come without a pause, too.
      if (release_asked_ > released_ && verdicts_.settled() >= release_after_) {
        return Work::kRelease;
      }
      if (!filling_.empty()) return Work::kGroup;
    } else if (now >= retry_at_ && !closing_) {
      return Work::kResume;
    }
    if (closing_) return Work::kStop;
    work_.WaitWithDeadline(&mu_, failure_.ok() ? sync_at_ : retry_at_);
  }
}

void LocalLog::CommitGroup() {
  if (absl::Status status = WriteGroup(writing_); !status.ok()) return Fail(status);
  {
    const absl::MutexLock lock(&mu_);
    verdicts_.Succeed(writing_.end());
    chain_.end = writing_.end();
    writing_bytes_ = 0;
    committing_ = false;
    if (!InGroupMode()) sync_at_ = std::min(sync_at_, absl::Now() + options_.sync_interval);
    settled_.SignalAll();  // In group mode one of those who still wait leads the next group.
  }
  if (InGroupMode()) return;
  unsynced_bytes_ += writing_.size();
  unsynced_.push_back(std::exchange(writing_, FrameBuffer()));
  if (unsynced_bytes_ > kMaxUnsyncedBytes) SyncInterval();
}

absl::Status LocalLog::WriteGroup(FrameBuffer& group) {
  if (absl::Status status = tail_.Write(group, group.begin()); !status.ok()) return status;
  if (InGroupMode()) {
    if (absl::Status status = tail_.Sync(); !status.ok()) return status;
    // Before anybody hears of it: so damage to an acknowledged frame never looks like a torn tail.
    tail_.Seal();
  }
  return CheckEpoch();  // Last: what a superseded writer wrote must not be acknowledged.
}

void LocalLog::SyncInterval() {
  if (absl::Status status = tail_.Sync(); !status.ok()) return Fail(status);
  tail_.Seal();
  unsynced_.clear();
  unsynced_bytes_ = 0;
  const absl::MutexLock lock(&mu_);
  sync_at_ = absl::InfiniteFuture();
}

void LocalLog::Release() {
  uint64_t asked;
  {
    const absl::MutexLock lock(&mu_);
    asked = release_asked_;
  }
  SyncInterval();  // Nothing to do in group mode. When it fails, so do the callers.
  {
    const absl::MutexLock lock(&mu_);
    if (!failure_.ok()) return;
  }
  // What fails from here on loses nothing: all frames are synced, and the next one starts a
  // segment.
  absl::Status status = FinishTail();
  status.Update(files_.RemoveSpares());
  const absl::MutexLock lock(&mu_);
  committing_ = false;
  released_ = asked;
  release_status_ = status;
  settled_.SignalAll();
}

void LocalLog::Fail(const absl::Status& status) {
  const uint64_t synced = tail_.synced();
  const bool fenced = absl::IsAborted(status);
  // A superseded writer leaves the files alone: they may be somebody else's by now.
  if (!fenced) tail_.Abandon();
  const absl::MutexLock lock(&mu_);
  // The first part of a group may have been synced with a segment that it filled.
  chain_.end = fenced ? chain_.end : std::max(chain_.end, synced);
  if (chain_.end > verdicts_.settled()) verdicts_.Succeed(chain_.end);
  verdicts_.Fail(filling_.end(), status);
  ++generation_;
  filling_.Reset(filling_.end());
  writing_bytes_ = 0;
  committing_ = false;
  sync_at_ = absl::InfiniteFuture();
  if (failure_.ok()) {
    spdlog::error("log {}: writing stopped at position {}: {}", options_.directory, chain_.end,
                  Text(status));
  }
  failure_ = status;
  retry_at_ = fenced ? absl::InfiniteFuture() : absl::Now() + retry_pause_;
  retry_pause_ = std::min(retry_pause_ * 2, environment_.longest_retry);
  settled_.SignalAll();
}

void LocalLog::Resume() {
  uint64_t base;
  {
    const absl::MutexLock lock(&mu_);
    base = verdicts_.settled();
  }
  absl::Status status = CheckEpoch();
  if (status.ok()) status = Rewrite();
  // A new segment, header synced: proof that there is space and that the disk takes it.
  if (status.ok()) status = tail_.StartSegment(base);
  if (!status.ok()) return Fail(status);
  const absl::MutexLock lock(&mu_);
  spdlog::info("log {}: writing goes on at position {}", options_.directory, base);
  chain_.end = base;
  failure_ = absl::OkStatus();
  committing_ = false;
  retry_at_ = absl::InfiniteFuture();
  retry_pause_ = environment_.first_retry;
  settled_.SignalAll();
}

absl::Status LocalLog::Rewrite() {
  while (!unsynced_.empty() && unsynced_.front().end() <= tail_.synced()) unsynced_.pop_front();
  if (unsynced_.empty()) return absl::OkStatus();
  if (absl::Status status = tail_.WriteAgain(unsynced_); !status.ok()) return status;
  unsynced_.clear();
  unsynced_bytes_ = 0;
  return absl::OkStatus();
}

absl::Status LocalLog::CheckEpoch() const {
  const absl::StatusOr<uint64_t> epoch = epoch_file_.Read();
  // Not readable for the moment that somebody writes it; the next group asks again.
  if (!epoch.ok() || *epoch <= options_.epoch) return absl::OkStatus();
  return absl::AbortedError(fmt::format("{}: fenced: epoch {} was superseded by {}",
                                        options_.directory, options_.epoch, *epoch));
}

// ---- Reading, trimming, looking.

absl::Status LocalLog::Replay(LogPosition from, const FrameFn& frame_fn,
                              const DamageFn& damage_fn) {
  if (absl::Status status = SkipTo(from, damage_fn); !status.ok()) return status;
  SegmentChain chain;
  {
    const absl::MutexLock lock(&mu_);
    chain = chain_;
    ++replays_;
  }
  for (const LogDamage& damage : open_damage_) {
    if (damage.end >= from) damage_fn(damage);
  }
  const absl::Status status =
      ReplayChain(*environment_.file_system, chain, from, frame_fn, damage_fn);
  const absl::MutexLock lock(&mu_);
  --replays_;
  if (absl::IsNotFound(status) && chain_.begin > chain.begin) {
    return absl::OutOfRangeError("the log was trimmed while it was replayed");
  }
  return status;
}

absl::Status LocalLog::SkipTo(LogPosition from, const DamageFn& damage_fn) {
  uint64_t end;
  {
    const absl::MutexLock lock(&mu_);
    end = chain_.end;
    if (from.value <= end) return absl::OkStatus();
    if (appended_ || !failure_.ok()) {
      return absl::OutOfRangeError(fmt::format("{}: position {} is beyond the end of the log, {}",
                                               options_.directory, from.value, end));
    }
    const uint64_t position = FrameBytes(from.value) - kFrameHeaderBytes;  // Aligned.
    filling_.Reset(position);
    verdicts_.Succeed(position);
    failure_ = MovingOn();
    retry_at_ = absl::InfinitePast();
    work_.Signal();
    while (failure_ == MovingOn()) settled_.Wait(&mu_);
    if (!failure_.ok()) return failure_;
  }
  damage_fn({.begin = {end},
             .end = from,
             .reason = fmt::format("{}: the log ends before this position", options_.directory)});
  return absl::OkStatus();
}

absl::Status LocalLog::Trim(LogPosition position) {
  model::HitFailPoint("log.before_trim");
  const absl::MutexLock trim_lock(&trim_mu_);
  uint64_t begin;
  size_t count = 0;
  {
    const absl::MutexLock lock(&mu_);
    trimmed_to_ = std::max(trimmed_to_, position.value);
    const std::vector<SegmentInfo>& segments = chain_.segments;
    while (count + 1 < segments.size() && segments[count + 1].header.base <= position.value) {
      ++count;
    }
    if (count == 0) return absl::OkStatus();
    begin = segments[count].header.base;
  }
  // First the record, then the files: whatever a crash leaves of them is known to be garbage.
  if (absl::Status status = files_.WriteState({.log_id = log_id_, .begin = begin}); !status.ok()) {
    return status;
  }
  std::vector<SegmentInfo> trimmed;
  bool reusable;
  {
    const absl::MutexLock lock(&mu_);
    const auto first = chain_.segments.begin();
    trimmed.assign(first, first + count);
    chain_.segments.erase(first, first + count);
    chain_.begin = begin;
    reusable = replays_ == 0 && !closing_;
    settled_.SignalAll();
  }
  for (const SegmentInfo& segment : trimmed) {
    files_.Recycle(segment.path, reusable);
    model::HitFailPoint("log.trimming");
  }
  return absl::OkStatus();
}

absl::Status LocalLog::ReleaseSpace() {
  const absl::MutexLock lock(&mu_);
  const uint64_t call = ++release_asked_;
  release_after_ = filling_.end();
  work_.Signal();
  while (released_ < call) {
    if (closing_) return absl::UnavailableError("the log is closed");
    if (!failure_.ok()) return failure_;
    settled_.Wait(&mu_);
  }
  return release_status_;
}

LogBounds LocalLog::bounds() const {
  const absl::MutexLock lock(&mu_);
  return {.begin = {chain_.begin}, .end = {chain_.end}, .appended = {filling_.end()}};
}

absl::Status LocalLog::Writable() const {
  const absl::MutexLock lock(&mu_);
  return WritableLocked(FrameBytes(kMaxLogFrameBytes));
}

absl::Status LocalLog::WritableLocked(uint64_t more) const {
  if (closing_) return absl::UnavailableError("the log is closed");
  if (!failure_.ok()) return failure_;
  if (filling_.end() - chain_.begin + more > options_.max_bytes) {
    return absl::ResourceExhaustedError(
        fmt::format("{}: the log holds {} bytes that are not stored yet, its bound is {}",
                    options_.directory, filling_.end() - chain_.begin, options_.max_bytes));
  }
  return absl::OkStatus();
}

uint64_t LocalLog::SizeBytes() const {
  const absl::MutexLock lock(&mu_);
  return chain_.Bytes();
}

absl::Status LocalLog::Close() {
  {
    const absl::MutexLock lock(&mu_);
    if (closing_) return absl::OkStatus();
    closing_ = true;
    work_.Signal();
    settled_.SignalAll();
  }
  writer_.join();
  absl::Status status = FinishTail();
  status.Update(files_.RemoveSpares());
  lock_.reset();
  const absl::MutexLock lock(&mu_);
  closed_ = true;
  settled_.SignalAll();
  return status;
}

absl::Status LocalLog::FinishTail() {
  uint64_t end;
  bool all_trimmed;
  {
    const absl::MutexLock lock(&mu_);
    if (!failure_.ok()) return failure_;
    end = chain_.end;
    all_trimmed =
        !chain_.segments.empty() && trimmed_to_ >= end && chain_.segments.back().header.base < end;
  }
  if (absl::Status status = tail_.Finish(); !status.ok()) return status;
  if (!all_trimmed) return absl::OkStatus();
  // Nobody needs the last segment's frames either: leave an empty one that remembers the position.
  if (absl::Status status = tail_.StartSegment(end); !status.ok()) return status;
  if (absl::Status status = Trim({end}); !status.ok()) return status;
  return tail_.Finish();
}

}  // namespace tidegate::storage
