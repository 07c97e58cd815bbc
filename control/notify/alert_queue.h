// Alerts on their way to one Alertmanager.
#ifndef TIDEGATE_CONTROL_NOTIFY_ALERT_QUEUE_H_
#define TIDEGATE_CONTROL_NOTIFY_ALERT_QUEUE_H_

#include <atomic>
#include <deque>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "control/rules/evaluation/rule_io.h"

namespace tidegate::control {

struct AlertQueueOptions {
  size_t capacity = 10'000;  // Alerts that wait; beyond it the oldest are lost.
  size_t batch = 256;        // Alerts of one request.
  absl::Duration first_pause = absl::Seconds(1);  // After a failure; doubles.
  absl::Duration max_pause = absl::Seconds(30);
};

// Delivers one batch of a tenant. Errors as Post's: Unavailable is tried again.
using DeliverAlerts =
    std::function<absl::Status(const std::string& tenant, const std::vector<OutgoingAlert>& alerts,
                               const std::atomic<bool>& stop)>;

// What became of alerts, counted from any thread.
struct AlertCounts {
  std::function<void(size_t)> sent;
  std::function<void(size_t)> lost;  // The queue was full, or it was refused for good.
  std::function<void()> failed;      // One attempt.
};

// In order, one request at a time, on a thread that starts with the first alert. Thread safe.
class AlertQueue {
 public:
  AlertQueue(const AlertQueueOptions& options, DeliverAlerts deliver, AlertCounts counts);
  // Gives up what still waits, and ends a request on its way.
  ~AlertQueue();

  // Never waits.
  void Add(const std::string& tenant, const std::vector<OutgoingAlert>& alerts);

 private:
  struct Item {
    std::string tenant;
    OutgoingAlert alert;
  };

  void Work();
  // The next alerts, all of one tenant; they stay in the queue.
  std::vector<OutgoingAlert> NextBatch(std::string* tenant) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Shrink() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const AlertQueueOptions options_;
  const DeliverAlerts deliver_;
  const AlertCounts counts_;
  std::atomic<bool> stop_{false};

  absl::Mutex mutex_;
  std::deque<Item> items_ ABSL_GUARDED_BY(mutex_);
  size_t in_flight_ ABSL_GUARDED_BY(mutex_) = 0;  // Of the front of items_.
  std::thread thread_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_NOTIFY_ALERT_QUEUE_H_
