// Merging and retention in the background.
#ifndef TIDEGATE_STORAGE_MAINTENANCE_MAINTENANCE_H_
#define TIDEGATE_STORAGE_MAINTENANCE_MAINTENANCE_H_

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <set>
#include <thread>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "model/clock.h"
#include "model/tenant.h"
#include "storage/maintenance/merge_executor.h"
#include "storage/maintenance/merge_policy.h"
#include "storage/store/segment_store.h"
#include "storage/store/store_metrics.h"

namespace tidegate::storage {

struct MaintenanceOptions {
  absl::Duration interval = absl::Seconds(30);  // Zero: only Run.
  MergePolicy policy;
};

// Thread safe; rounds take turns. What it is given must outlive it.
class Maintenance {
 public:
  // `round_fn` is called at the end of every round, by the thread that ran it.
  Maintenance(const MaintenanceOptions& options, const model::Clock* clock,
              const model::TenantRegistry* tenants, SegmentStore* store, StoreMetrics* metrics,
              std::function<void()> round_fn);
  ~Maintenance() { Stop(); }

  // One round: forgets what has expired, merges until the policy is content, frees files. The first
  // error; the round goes on with what does not depend on it.
  absl::Status Run();
  // Writes every segment anew that holds deleted data which cannot come back.
  absl::Status CleanTombstones();
  // Waits for a round that runs; a merge in it is given up.
  void Stop();

 private:
  void Loop();
  absl::Status Expire(model::TimestampMs now);
  absl::Status MergeAll(model::TimestampMs now);
  std::set<SegmentId> Untouchable(model::TimestampMs now) const;
  absl::StatusOr<MergeResult> Merge(const MergePlan& plan, model::TimestampMs now);
  void EndRound();
  bool StopWanted() const { return stop_.load(std::memory_order_relaxed); }

  const MaintenanceOptions options_;
  const model::Clock* const clock_;
  const model::TenantRegistry* const tenants_;
  SegmentStore* const store_;
  StoreMetrics* const metrics_;
  const std::function<void()> round_fn_;
  std::mutex round_mutex_;
  std::set<SegmentId> damaged_;  // Not merged any more; guarded by round_mutex_.
  bool has_freed_ = false;       // Memory, in this round; guarded by round_mutex_.
  std::atomic<bool> stop_{false};
  std::mutex wake_mutex_;
  std::condition_variable wake_;
  std::thread thread_;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_MAINTENANCE_MAINTENANCE_H_
