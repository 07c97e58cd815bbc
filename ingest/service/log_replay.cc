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

absl::StatusOr<storage::LogPosition> LogReplay::TakeNewId(std::string_view why) {
  if (absl::Status status = parts_.identity->Renew(context_, parts_.store); !status.ok()) {
    return status;
  }
  // An empty log has nothing that could be missed.
  if (parts_.log->bounds().end > storage::LogPosition{}) {
    parts_.metrics->new_identities.Increment();
    spdlog::warn("{}: the ingester takes a new id and replays its whole log", why);
  }
  return storage::LogPosition{};
}

absl::StatusOr<storage::LogPosition> LogReplay::AskForCommitted() {
  const absl::StatusOr<storage::LogPosition> committed =
      parts_.identity->Register(context_, parts_.store);
  if (absl::IsNotFound(committed.status())) {
    return TakeNewId(
        fmt::format("{} (another or an older store, or a copy of this directory has registered)",
                    std::string(committed.status().message())));
  }
  if (!committed.ok()) return committed;
  const storage::LogBounds bounds = parts_.log->bounds();
  if (*committed > bounds.end) {
    return TakeNewId(fmt::format("the log ends at {}, before position {} that the store has",
                                 bounds.end.value, committed->value));
  }
  if (*committed < bounds.begin && parts_.identity->has_predecessor()) NoteGap(*committed);
  return committed;
}

absl::StatusOr<storage::LogPosition> LogReplay::AwaitCommitted() {
  while (true) {
    absl::StatusOr<storage::LogPosition> committed = AskForCommitted();
    if (committed.ok()) return committed;
    if (absl::IsResourceExhausted(committed.status())) {
      spdlog::warn("the ingester cannot be registered and replays its whole log: {}",
                   std::string(committed.status().message()));
      return storage::LogPosition{};
    }
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
  const storage::LogPosition from = std::max(*committed, bounds.begin);
  begin_ = position_ = from.value;
  end_ = bounds.end.value;
  store_answered_ = true;
  if (from > bounds.begin) {
    if (absl::Status status = parts_.log->Trim(from); !status.ok()) {
      spdlog::warn("cannot trim the log: {}", status.ToString());
    }
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

void LogReplay::NoteGap(storage::LogPosition committed) {
  parts_.metrics->log_gaps.Increment();
  spdlog::error(
      "the store is older than the log: it has this ingester's log up to {}, and the log begins at "
      "{}; what lay between is in neither",
      committed.value, parts_.log->bounds().begin.value);
}

}  // namespace tidegate::ingest
