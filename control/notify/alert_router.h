// Which Alertmanagers hear of a tenant's alerts, and what is added to them on the way.
#ifndef TIDEGATE_CONTROL_NOTIFY_ALERT_ROUTER_H_
#define TIDEGATE_CONTROL_NOTIFY_ALERT_ROUTER_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "control/notify/alert_queue.h"
#include "control/outbound/outbound_policy.h"
#include "control/ruler.h"
#include "control/rules/rule_io.h"
#include "model/config/rules_config.h"

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
// other.
class AlertRouter final : public AlertSink {
 public:
  // Registry and policy must outlive it.
  AlertRouter(const AlertQueueOptions& options, prometheus::Registry* metrics);

  // Before it nothing is delivered.
  void SetPolicy(const OutboundPolicy* policy);
  // Queues of Alertmanagers that stay keep what they hold.
  void SetConfig(std::vector<model::AlertingConfig> alerting);

  void Send(const std::string& tenant, std::vector<OutgoingAlert> alerts) override;

  AlertmanagerUrls UrlsOf(const std::string& tenant);

 private:
  struct Destination {
    absl::Duration timeout;
    std::shared_ptr<AlertQueue> queue;
  };

  std::shared_ptr<AlertQueue> MakeQueue(const std::string& url, absl::Duration timeout);

  const AlertQueueOptions options_;
  prometheus::Registry& metrics_;

  absl::Mutex mutex_;
  const OutboundPolicy* policy_ ABSL_GUARDED_BY(mutex_) = nullptr;
  std::vector<model::AlertingConfig> alerting_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, Destination> queues_ ABSL_GUARDED_BY(mutex_);  // By URL.
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_NOTIFY_ALERT_ROUTER_H_
