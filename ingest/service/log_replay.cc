#include "ingest/service/log_replay.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <string_view>

#include "fmt/format.h"

namespace tidegate::ingest {

void LogReplay::Stop() {
  if (stopped_.exchange(true)) return;
  context_.Cancel();
  stop_.Notify();
}

std::string LogReplay::Progress() const {
  if (!store_answered_) return "asking the store which part of the log it has";
  return fmt::format("replaying the log: {} of {} bytes", position_ - begin_, end_ - begin_);
}

absl::StatusOr<storage::LogPosition> LogReplay::AwaitCommitted() {
  while (true) {
    absl::StatusOr<storage::LogPosition> committed =
        parts_.store->CommittedPosition(context_, producer_);
    if (committed.ok()) return committed;
    spdlog::warn("waiting for the store before the log is replayed: {}",
                 committed.status().ToString());
    if (stop_.WaitForNotificationWithTimeout(retry_)) {
      return absl::CancelledError("the ingester is stopping");
    }
  }
}

absl::Status LogReplay::Run() {
  const absl::StatusOr<storage::LogPosition> committed = AwaitCommitted();
  if (!committed.ok()) return committed.status();
  const storage::LogBounds bounds = parts_.log->bounds();
  const bool younger = *committed > bounds.end;
  const storage::LogPosition known = younger ? bounds.end : *committed;
  const storage::LogPosition from = std::max(known, bounds.begin);
  begin_ = position_ = from.value;
  end_ = bounds.end.value;
  store_answered_ = true;
  if (known > bounds.begin) {
    if (absl::Status status = parts_.log->Trim(known); !status.ok()) {
      spdlog::warn("cannot trim the log: {}", status.ToString());
    }
  }
  if (younger) {
    return absl::AbortedError(
        fmt::format("the log ends at {}, before position {} that the store has", bounds.end.value,
                    committed->value));
  }
  return parts_.log->Replay(
      from,
      [this](storage::LogPosition after, std::string_view frame) {
        return ApplyFrame(after, frame);
      },
      [this](const storage::LogDamage& damage) {
        // What follows begins behind the hole.
        position_ = std::max(position_.load(), damage.end.value);
        NoteDamage(damage);
      });
}

absl::Status LogReplay::ApplyFrame(storage::LogPosition after, std::string_view frame) {
  if (stop_.HasBeenNotified()) return absl::CancelledError("the ingester is stopping");
  const storage::LogPosition before{position_};
  position_ = after.value;
  absl::Status status = parts_.head->Replay(after, frame);
  if (absl::IsDataLoss(status)) {
    NoteDamage({before, after, std::string(status.message())});
    return absl::OkStatus();
  }
  if (status.ok()) parts_.metrics->replayed_frames.Increment();
  return status;
}

void LogReplay::NoteDamage(const storage::LogDamage& damage) {
  parts_.metrics->damaged_stretches.Increment();
  spdlog::error("the log is damaged from {} to {} and these frames are left out: {}",
                damage.begin.value, damage.end.value, damage.reason);
}

}  // namespace tidegate::ingest
