// Brings the head back from the log at start-up.
#ifndef TIDEGATE_INGEST_SERVICE_LOG_REPLAY_H_
#define TIDEGATE_INGEST_SERVICE_LOG_REPLAY_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "ingest/service/ingest_metrics.h"
#include "ingest/service/producer_identity.h"
#include "storage/head.h"
#include "storage/log.h"
#include "storage/store.h"

namespace tidegate::ingest {

// What a replay works on. Everything must outlive it.
struct LogReplayParts {
  storage::Log* log = nullptr;
  storage::Head* head = nullptr;
  storage::Store* store = nullptr;
  ProducerIdentity* identity = nullptr;  // Loaded; not used by others before Run returns.
  IngestMetrics* metrics = nullptr;
};

// Run is called once, by one thread; the rest is thread safe.
class LogReplay {
 public:
  // `retry` is the pause between questions to a store that is away.
  LogReplay(const LogReplayParts& parts, absl::Duration retry) : parts_(parts), retry_(retry) {}

  // Registers the ingester with the store (until it answers), trims the log to what the store has
  // of it and applies all later frames to the head. Damage is logged and counted, and skipped.
  //
  // Nothing that the log holds is dropped on a doubt: when the store does not know the ingester, or
  // knows more than the log holds, the whole log is replayed under a new id; the store finds equal
  // what it has already. So it is on a full disk, where nothing can be registered. A log that
  // begins behind what the store has is told and counted: the store is older than the log.
  // Cancelled after Stop; other errors are the log's.
  absl::Status Run();
  // Makes Run return soon.
  void Stop();

  // "replaying the log: 5 of 10 bytes", or what it waits for.
  std::string Progress() const;

 private:
  absl::StatusOr<storage::LogPosition> AwaitCommitted();
  absl::StatusOr<storage::LogPosition> AskForCommitted();
  absl::StatusOr<storage::LogPosition> TakeNewId(std::string_view why);
  void NoteGap(storage::LogPosition committed);
  absl::Status ApplyFrame(storage::LogPosition after, std::string_view frame);
  void NoteDamage(const storage::LogDamage& damage);

  const LogReplayParts parts_;
  const absl::Duration retry_;
  const model::RequestContext context_;  // Cancelled by Stop.
  absl::Notification stop_;
  std::atomic<bool> stopped_{false};

  std::atomic<bool> store_answered_{false};
  std::atomic<uint64_t> begin_{0};
  std::atomic<uint64_t> end_{0};
  std::atomic<uint64_t> position_{0};
};

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_SERVICE_LOG_REPLAY_H_
