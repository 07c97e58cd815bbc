#include "control/notify/alert_queue.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace tidegate::control {

AlertQueue::AlertQueue(const AlertQueueOptions& options, DeliverAlerts deliver, AlertCounts counts)
    : options_(options), deliver_(std::move(deliver)), counts_(std::move(counts)) {}

AlertQueue::~AlertQueue() {
  std::thread thread;
  {
    absl::MutexLock lock(&mutex_);
    stop_ = true;
    thread.swap(thread_);
  }
  if (thread.joinable()) thread.join();
}

void AlertQueue::Add(const std::string& tenant, const std::vector<OutgoingAlert>& alerts) {
  absl::MutexLock lock(&mutex_);
  for (const OutgoingAlert& alert : alerts) items_.push_back({tenant, alert});
  Shrink();
  if (!thread_.joinable() && !stop_) thread_ = std::thread([this] { Work(); });
}

void AlertQueue::Shrink() {
  if (items_.size() <= options_.capacity) return;
  const size_t too_many = items_.size() - options_.capacity;
  items_.erase(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(too_many));
  in_flight_ -= std::min(in_flight_, too_many);
  counts_.lost(too_many);
}

std::vector<OutgoingAlert> AlertQueue::NextBatch(std::string* tenant) {
  std::vector<OutgoingAlert> alerts;
  *tenant = items_.front().tenant;
  for (const Item& item : items_) {
    if (alerts.size() == options_.batch || item.tenant != *tenant) break;
    alerts.push_back(item.alert);
  }
  in_flight_ = alerts.size();
  return alerts;
}

void AlertQueue::Work() {
  absl::Duration pause = options_.first_pause;
  absl::MutexLock lock(&mutex_);
  const auto wake = [this]()
                        ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return stop_ || !items_.empty(); };
  const auto stopped = [this] { return stop_.load(); };
  while (true) {
    mutex_.Await(absl::Condition(&wake));
    if (stop_) return;
    std::string tenant;
    const std::vector<OutgoingAlert> alerts = NextBatch(&tenant);
    mutex_.Unlock();
    const absl::Status status = deliver_(tenant, alerts, stop_);
    mutex_.Lock();
    if (stop_) return;
    if (status.ok() || !absl::IsUnavailable(status)) {
      items_.erase(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(in_flight_));
      pause = options_.first_pause;
    }
    if (status.ok()) {
      counts_.sent(alerts.size());
      continue;
    }
    counts_.failed();
    spdlog::warn("alerts of tenant {}: {}", tenant, std::string(status.message()));
    if (!absl::IsUnavailable(status)) {
      counts_.lost(alerts.size());
      continue;
    }
    mutex_.AwaitWithTimeout(absl::Condition(&stopped), pause);
    pause = std::min(2 * pause, options_.max_pause);
  }
}

}  // namespace tidegate::control
