// The thread that cuts the head, hands the cuts to the store and trims the log.
#ifndef TIDEGATE_INGEST_SERVICE_CUTTER_H_
#define TIDEGATE_INGEST_SERVICE_CUTTER_H_

#include <cstdint>
#include <memory>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "ingest/service/cut_policy.h"
#include "ingest/service/entry_pressure.h"
#include "ingest/service/ingest_metrics.h"
#include "ingest/service/producer_identity.h"
#include "model/clock.h"
#include "model/request_context.h"
#include "storage/head.h"
#include "storage/log.h"
#include "storage/store.h"

namespace tidegate::ingest {

// What a cutter works on. Everything must outlive it.
struct CutterParts {
  storage::Log* log = nullptr;
  storage::Head* head = nullptr;
  storage::Store* store = nullptr;
  const model::Clock* clock = nullptr;
  ProducerIdentity* identity = nullptr;  // Used by the cutter's thread only, from Start to Stop.
  IngestMetrics* metrics = nullptr;
  EntryPressure* entry_pressure = nullptr;
};

// A cut that the store did not take stays frozen and readable and is tried again, with growing
// pauses, before the next one is made; meanwhile the head and the log grow up to the log's bound.
// When the store does not know the ingester (any more), it is handed over under a new id.
// Thread safe.
class Cutter {
 public:
  // `poll` is how often the policy is asked, in real time; infinite = only CutNow cuts.
  Cutter(const CutterParts& parts, const CutPolicy& policy, absl::Duration poll);
  ~Cutter() { Stop(); }

  // Starts the thread. Called once.
  void Start();
  // Cuts everything that was appended before the call, and returns when the store has it and the
  // log is trimmed, or with the first error of that one attempt. Unavailable after Stop or before
  // Start.
  absl::Status CutNow(const model::RequestContext& context);
  // The policy is asked at once, and not only at the next poll. Cheap, and as often as one likes.
  void Wake();
  // Abandons a hand-over at work and ends the thread. Repeatable.
  void Stop();

 private:
  void Run();
  bool HasWork() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopping_ || requested_ > served_ || woken_;
  }
  // The rest belongs to the thread.
  bool IsDue();
  // Gives back what cuts have freed, once the last one is so long ago.
  void ReturnMemory(absl::Duration quiet);
  absl::Status Cut();
  absl::Status FinishPending();
  absl::Status HandOverPending();
  void Note(const absl::Status& status);

  const CutterParts parts_;
  const CutPolicy policy_;
  const absl::Duration poll_;
  const model::RequestContext context_;  // Of the hand-overs; cancelled by Stop.

  CutState state_;
  std::shared_ptr<const storage::HeadCut> pending_;  // Frozen, not in the store yet.
  bool has_freed_ = false;                           // Memory, and not given back yet.

  absl::Mutex mutex_;
  bool running_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool woken_ ABSL_GUARDED_BY(mutex_) = false;
  // Tickets of CutNow: those up to served_ have their answer in last_status_.
  uint64_t requested_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t served_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Status last_status_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_SERVICE_CUTTER_H_
