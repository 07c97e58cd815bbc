#include "storage/maintenance/maintenance.h"

#include <malloc.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "storage/maintenance/retention_policy.h"

namespace tidegate::storage {

Maintenance::Maintenance(const MaintenanceOptions& options, const model::Clock* clock,
                         const model::TenantRegistry* tenants, SegmentStore* store,
                         StoreMetrics* metrics, std::function<void()> round_fn)
    : options_(options),
      clock_(clock),
      tenants_(tenants),
      store_(store),
      metrics_(metrics),
      round_fn_(std::move(round_fn)) {
  if (options_.interval > absl::ZeroDuration()) thread_ = std::thread([this] { Loop(); });
}

void Maintenance::Loop() {
  std::unique_lock lock(wake_mutex_);
  while (!StopWanted()) {
    wake_.wait_for(lock, absl::ToChronoNanoseconds(options_.interval),
                   [this] { return StopWanted(); });
    if (StopWanted()) return;
    lock.unlock();
    if (const absl::Status status = Run(); !status.ok()) {
      spdlog::warn("store maintenance: {}", status.ToString());
    }
    lock.lock();
  }
}

void Maintenance::Stop() {
  {
    std::lock_guard lock(wake_mutex_);
    stop_.store(true, std::memory_order_relaxed);
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

absl::Status Maintenance::Expire(model::TimestampMs now) {
  const std::vector<SegmentId> expired = PickExpired(store_->Entries(), *tenants_, now);
  if (expired.empty()) return absl::OkStatus();
  if (absl::Status status = store_->Remove(expired); !status.ok()) return status;
  metrics_->expired_segments.Increment(static_cast<double>(expired.size()));
  return absl::OkStatus();
}

absl::StatusOr<MergeResult> Maintenance::Merge(const MergePlan& plan, model::TimestampMs now) {
  const absl::Time start = absl::Now();
  const model::TimestampMs keep_from = RetentionBegin(*tenants_, plan.inputs.front().tenant, now);
  const auto result =
      ExecuteMerge(plan, {.now = now, .keep_from = keep_from}, stop_, store_, &damaged_);
  if (absl::IsCancelled(result.status())) return result;
  if (!result.ok()) {
    metrics_->failed_merges.Increment();
    return result;
  }
  has_freed_ = true;
  metrics_->merges.Increment();
  metrics_->merged_points_read.Increment(static_cast<double>(result->samples_read));
  metrics_->merged_points_written.Increment(static_cast<double>(result->samples_written));
  metrics_->conflicts.Increment(static_cast<double>(result->conflicts));
  metrics_->merge_seconds.Observe(absl::ToDoubleSeconds(absl::Now() - start));
  return result;
}

// Damaged segments, and those of which a part may come back.
std::set<SegmentId> Maintenance::Untouchable(model::TimestampMs now) const {
  std::set<SegmentId> segments = damaged_;
  const auto snapshot = store_->Snapshot();
  if (snapshot->deletions.empty()) return segments;
  for (const auto& segment : snapshot->segments) {
    if (MustStay(snapshot->deletions, segment->entry, now)) segments.insert(segment->entry.id);
  }
  return segments;
}

absl::Status Maintenance::MergeAll(model::TimestampMs now) {
  absl::Status first;
  while (!StopWanted()) {
    const auto plan = PickMerge(store_->Entries(), Untouchable(now), now, options_.policy);
    if (!plan.has_value()) break;
    const size_t known_damage = damaged_.size();
    const auto result = Merge(*plan, now);
    if (result.ok()) continue;
    if (absl::IsCancelled(result.status()) || absl::IsAborted(result.status())) break;
    first.Update(result.status());
    // Damaged inputs stay as they are and stay out of later plans; other errors wait for next time.
    if (damaged_.size() == known_damage) break;
  }
  return first;
}

// Merges hold pages of all their inputs; the next ones may be hours away.
void Maintenance::EndRound() {
  if (std::exchange(has_freed_, false)) malloc_trim(0);
  round_fn_();
}

absl::Status Maintenance::Run() {
  std::lock_guard lock(round_mutex_);
  const model::TimestampMs now = clock_->NowMs();
  absl::Status status = Expire(now);
  status.Update(MergeAll(now));
  status.Update(store_->ForgetDeletions(now));
  status.Update(store_->Sweep());
  EndRound();
  return status;
}

absl::Status Maintenance::CleanTombstones() {
  std::lock_guard lock(round_mutex_);
  const model::TimestampMs now = clock_->NowMs();
  const auto snapshot = store_->Snapshot();
  absl::Status first;
  for (const auto& segment : snapshot->segments) {
    if (StopWanted()) return absl::UnavailableError("the store is stopping");
    const SegmentEntry& entry = segment->entry;
    const bool concerned =
        std::any_of(snapshot->deletions.begin(), snapshot->deletions.end(),
                    [&](const auto& deletion) { return Concerns(deletion->stored, entry); });
    if (!concerned || MustStay(snapshot->deletions, entry, now)) continue;
    const MergePlan plan{.target = entry.partition, .inputs = {entry.id}};
    const auto result = Merge(plan, now);
    if (absl::IsCancelled(result.status())) return absl::UnavailableError("the store is stopping");
    first.Update(result.status());
  }
  first.Update(store_->ForgetDeletions(now));
  first.Update(store_->Sweep());
  EndRound();
  return first;
}

}  // namespace tidegate::storage
