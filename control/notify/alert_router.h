// Which Alertmanagers hear of a tenant's alerts, and what is added to them on the way.
#ifndef TIDEGATE_CONTROL_NOTIFY_ALERT_ROUTER_H_
#define TIDEGATE_CONTROL_NOTIFY_ALERT_ROUTER_H_

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "control/discovery/file_discovery.h"
#include "control/notify/alert_queue.h"
#include "control/outbound/outbound_policy.h"
#include "control/ruler.h"
#include "control/rules/evaluation/rule_io.h"
#include "model/config/alerting_config.h"

namespace prometheus {
class Registry;
}

namespace tidegate::control {

// The entry of `alerting` that a tenant has: its own, or that of all; nullptr for neither.
const model::AlertingConfig* AlertingOf(const std::vector<model::AlertingConfig>& alerting,
                                        const std::string& tenant);

// The alerts with external labels where they have none of that name, relabelled; those that a rule
// drops are gone. Pure.
std::vector<OutgoingAlert> Prepared(std::vector<OutgoingAlert> alerts,
                                    const model::AlertingConfig& config);

// Thread safe. Each Alertmanager has a queue of its own: one that does not answer holds up no
// other. Files that name Alertmanagers are looked at whenever there is something to send.
class AlertRouter final : public AlertSink {
 public:
  // Registry and policy must outlive it.
  AlertRouter(const AlertQueueOptions& options, prometheus::Registry* metrics);

  // Before it nothing is delivered.
  void SetPolicy(const OutboundPolicy* policy);
  // Queues of Alertmanagers that stay, with the same settings, keep what they hold.
  void SetConfig(std::vector<model::AlertingConfig> alerting);

  void Send(const std::string& tenant, std::vector<OutgoingAlert> alerts) override;

  // Passwords in URLs are not shown.
  AlertmanagerUrls UrlsOf(const std::string& tenant);

 private:
  // By URL and settings.
  using Queues = std::map<std::pair<std::string, std::string>, std::shared_ptr<AlertQueue>>;

  struct Group {
    std::shared_ptr<const model::AlertmanagerGroup> config;
    std::vector<model::TargetGroup> found;  // That the URLs come from.
    AlertmanagerUrls urls;
    std::vector<std::shared_ptr<AlertQueue>> queues;  // Of the active ones.
  };

  // Finds the addresses. `old` gets the queues that are not needed any more: their threads end
  // outside of the lock.
  void Refresh(bool config_changed, Queues* old) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool FindTargets() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::shared_ptr<AlertQueue> MakeQueue(const std::string& url,
                                        std::shared_ptr<const model::AlertmanagerGroup> config);

  const AlertQueueOptions options_;
  prometheus::Registry& metrics_;

  absl::Mutex mutex_;
  const OutboundPolicy* policy_ ABSL_GUARDED_BY(mutex_) = nullptr;
  std::vector<model::AlertingConfig> alerting_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, std::vector<Group>> groups_ ABSL_GUARDED_BY(mutex_);  // By tenant of entry.
  FileDiscovery discovery_ ABSL_GUARDED_BY(mutex_);
  Queues queues_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_NOTIFY_ALERT_ROUTER_H_
