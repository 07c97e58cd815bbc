// Brings the head back from the log at start-up.
#ifndef TIDEGATE_INGEST_SERVICE_LOG_REPLAY_H_
#define TIDEGATE_INGEST_SERVICE_LOG_REPLAY_H_

#include <atomic>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "ingest/service/ingest_metrics.h"
#include "storage/head.h"
#include "storage/log.h"
#include "storage/store.h"

namespace tidegate::ingest {

// What a replay works on. Everything must outlive it.
struct LogReplayParts {
  storage::Log* log = nullptr;
  storage::Head* head = nullptr;
  storage::Store* store = nullptr;
  IngestMetrics* metrics = nullptr;
};

// Run is called once, by one thread; the rest is thread safe.
class LogReplay {
 public:
  // `retry` is the pause between questions to a store that is away.
  LogReplay(const LogReplayParts& parts, uint64_t producer, absl::Duration retry)
      : parts_(parts), producer_(producer), retry_(retry) {}

  // Asks the store how far this producer's cuts are committed (until it answers), trims the log to
  // there and applies all later frames to the head. Damage is logged and counted, and skipped.
  // Returns Aborted when the log ends before the committed position (it lost its unsynced end, or
  // was replaced): its frames are all in the store, and new ones need a new producer id, or the
  // store would take them for known. Cancelled after Stop; other errors are the log's.
  absl::Status Run();
  // Makes Run return soon.
  void Stop();

  // "replaying the log: 5 of 10 bytes", or what it waits for.
  std::string Progress() const;

 private:
  absl::StatusOr<storage::LogPosition> AwaitCommitted();
  absl::Status ApplyFrame(storage::LogPosition after, std::string_view frame);
  void NoteDamage(const storage::LogDamage& damage);

  const LogReplayParts parts_;
  const uint64_t producer_;
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
