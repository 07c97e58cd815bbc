// Keeps pushes of log entries at the pace at which entries are sealed.
#ifndef TIDEGATE_INGEST_SERVICE_ENTRY_PRESSURE_H_
#define TIDEGATE_INGEST_SERVICE_ENTRY_PRESSURE_H_

#include <atomic>
#include <cstdint>
#include <functional>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "ingest/service/ingest_metrics.h"
#include "model/request_context.h"
#include "storage/head.h"

namespace tidegate::ingest {

struct EntryPressureOptions {
  uint64_t cut_bytes = 0;  // Unsealed entries beyond it are a reason to cut. Zero = never.
  uint64_t max_bytes = 0;  // Beyond it pushes wait. Zero = never.
  absl::Duration max_wait = absl::Seconds(5);
  // More pushes than this do not wait but are sent away: whoever waits keeps a worker from others.
  int max_waiting = 4;
};

// Entries lie in memory as they came, and can come faster than they are sealed. Beyond a bound a
// push waits for the cut at work, and one that has waited long is told to come back: senders of
// logs keep what was refused with 429 and repeat it. While the store takes no cuts waiting helps
// nobody: then the head may grow up to the bound of HeadPressure. Thread safe; head and metrics
// must outlive it.
class EntryPressure {
 public:
  // `on_cut_due` is called after pushes, with no lock held, while there is more than `cut_bytes`
  // and cuts are taken. It must be cheap.
  EntryPressure(const storage::Head* head, const EntryPressureOptions& options,
                std::function<void()> on_cut_due, IngestMetrics* metrics);

  // Before a push of entries takes memory. ResourceExhausted when there was no room in time;
  // the context's own error when that came first.
  absl::Status Admit(const model::RequestContext& context);
  // After a push of entries.
  void NoteAppended();

  // By the cutter: a cut was released, or an attempt failed.
  void NoteCut(bool taken);

 private:
  bool HasRoom() const { return head_->EntryBytes() <= options_.max_bytes || !taken_; }
  absl::Status Wait(const model::RequestContext& context) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Refuse();

  const storage::Head* const head_;
  const EntryPressureOptions options_;
  const std::function<void()> on_cut_due_;
  IngestMetrics* const metrics_;

  // What is waited for changes outside of it: whoever may have changed it locks it once.
  absl::Mutex mutex_;
  int waiting_ ABSL_GUARDED_BY(mutex_) = 0;
  std::atomic<bool> taken_{true};  // The last attempt to hand a cut over went well.
};

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_SERVICE_ENTRY_PRESSURE_H_
