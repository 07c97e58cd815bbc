#include "storage/maintenance/maintenance.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <vector>

#include "storage/maintenance/merge_executor.h"
#include "storage/maintenance/retention_policy.h"

namespace tidegate::storage {

Maintenance::Maintenance(const MaintenanceOptions& options, const model::Clock* clock,
                         const model::TenantRegistry* tenants, SegmentStore* store,
                         std::atomic<uint64_t>* conflicts)
    : options_(options), clock_(clock), tenants_(tenants), store_(store), conflicts_(conflicts) {
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
  return expired.empty() ? absl::OkStatus() : store_->Remove(expired);
}

absl::Status Maintenance::MergeAll(model::TimestampMs now) {
  absl::Status first;
  while (!StopWanted()) {
    const auto plan = PickMerge(store_->Entries(), damaged_, now, options_.policy);
    if (!plan.has_value()) break;
    const model::TimestampMs keep_from =
        RetentionBegin(*tenants_, plan->inputs.front().tenant, now);
    const size_t known_damage = damaged_.size();
    const auto result = ExecuteMerge(*plan, keep_from, stop_, store_, &damaged_);
    if (result.ok()) {
      conflicts_->fetch_add(result->conflicts, std::memory_order_relaxed);
      continue;
    }
    if (absl::IsCancelled(result.status())) break;
    first.Update(result.status());
    // Damaged inputs stay as they are and stay out of later plans; other errors wait for next time.
    if (damaged_.size() == known_damage) break;
  }
  return first;
}

absl::Status Maintenance::Run() {
  std::lock_guard lock(round_mutex_);
  const model::TimestampMs now = clock_->NowMs();
  absl::Status status = Expire(now);
  status.Update(MergeAll(now));
  status.Update(store_->ForgetDeletions());
  status.Update(store_->Sweep());
  return status;
}

absl::Status Maintenance::CleanTombstones() {
  std::lock_guard lock(round_mutex_);
  const auto snapshot = store_->Snapshot();
  absl::Status first;
  for (const auto& segment : snapshot->segments) {
    if (StopWanted()) return absl::UnavailableError("the store is stopping");
    const SegmentEntry& entry = segment->entry;
    const bool concerned =
        std::any_of(snapshot->deletions.begin(), snapshot->deletions.end(),
                    [&](const auto& deletion) { return Concerns(deletion->stored, entry); });
    if (!concerned) continue;
    const MergePlan plan{.target = entry.partition, .inputs = {entry.id}};
    const model::TimestampMs keep_from =
        RetentionBegin(*tenants_, entry.id.tenant, clock_->NowMs());
    const auto result = ExecuteMerge(plan, keep_from, stop_, store_, &damaged_);
    if (absl::IsCancelled(result.status())) return absl::UnavailableError("the store is stopping");
    first.Update(result.status());
  }
  first.Update(store_->ForgetDeletions());
  first.Update(store_->Sweep());
  return first;
}

}  // namespace tidegate::storage
