#include "control/notify/alert_router.h"

#include <prometheus/counter.h>
#include <prometheus/registry.h>

#include <utility>

#include "control/notify/alert_body.h"
#include "control/notify/http_post.h"

namespace tidegate::control {
namespace {

prometheus::Counter& Counter(prometheus::Registry& registry, const char* name, const char* help,
                             const std::string& url) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry).Add(
      {{"alertmanager", url}});
}

// Where an Alertmanager takes alerts.
std::string PostUrl(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url + "/api/v2/alerts";
}

}  // namespace

const model::AlertingConfig* AlertingOf(const std::vector<model::AlertingConfig>& alerting,
                                        const std::string& tenant) {
  const model::AlertingConfig* found = nullptr;
  for (const model::AlertingConfig& entry : alerting) {
    if (entry.tenant == tenant) return &entry;
    if (entry.tenant.empty()) found = &entry;
  }
  return found;
}

std::vector<OutgoingAlert> Prepared(std::vector<OutgoingAlert> alerts,
                                    const model::AlertingConfig& config) {
  std::vector<OutgoingAlert> prepared;
  for (OutgoingAlert& alert : alerts) {
    model::LabelsBuilder builder{alert.labels};
    for (const auto& [name, value] : config.external_labels) {
      if (builder.Get(name).empty()) builder.Set(name, value);
    }
    if (!model::Relabel(config.relabel, &builder)) continue;
    alert.labels = builder.Build();
    if (!alert.labels.empty()) prepared.push_back(std::move(alert));
  }
  return prepared;
}

AlertRouter::AlertRouter(const AlertQueueOptions& options, prometheus::Registry* metrics)
    : options_(options), metrics_(*metrics) {}

void AlertRouter::SetPolicy(const OutboundPolicy* policy) {
  absl::MutexLock lock(&mutex_);
  policy_ = policy;
}

std::shared_ptr<AlertQueue> AlertRouter::MakeQueue(const std::string& url, absl::Duration timeout) {
  auto& sent = Counter(metrics_, "tidegate_alerts_sent_total",
                       "Alerts that an Alertmanager has taken.", url);
  auto& lost =
      Counter(metrics_, "tidegate_alerts_lost_total",
              "Alerts that an Alertmanager did not take, or that its queue had no room for.", url);
  auto& failed = Counter(metrics_, "tidegate_alert_send_failures_total",
                         "Requests to an Alertmanager that failed.", url);
  AlertCounts counts{[&sent](size_t count) { sent.Increment(static_cast<double>(count)); },
                     [&lost](size_t count) { lost.Increment(static_cast<double>(count)); },
                     [&failed] { failed.Increment(); }};
  const auto deliver = [this, url, timeout](const std::string& tenant,
                                            const std::vector<OutgoingAlert>& alerts,
                                            const std::atomic<bool>& stop) {
    const OutboundPolicy* policy = nullptr;
    {
      absl::MutexLock lock(&mutex_);
      policy = policy_;
    }
    if (policy == nullptr) return absl::UnavailableError("the control plane is starting");
    const std::string body = AlertBody(alerts);
    return Post(*policy, {tenant, PostUrl(url), "application/json", body, timeout}, stop);
  };
  return std::make_shared<AlertQueue>(options_, deliver, std::move(counts));
}

void AlertRouter::SetConfig(std::vector<model::AlertingConfig> alerting) {
  std::map<std::string, Destination> old;  // Threads end outside of the lock.
  absl::MutexLock lock(&mutex_);
  old.swap(queues_);
  for (const model::AlertingConfig& entry : alerting) {
    for (const std::string& url : entry.alertmanagers) {
      if (queues_.contains(url)) continue;
      const auto known = old.find(url);
      const bool same = known != old.end() && known->second.timeout == entry.timeout;
      queues_[url] = {entry.timeout, same ? known->second.queue : MakeQueue(url, entry.timeout)};
    }
  }
  alerting_ = std::move(alerting);
}

void AlertRouter::Send(const std::string& tenant, std::vector<OutgoingAlert> alerts) {
  std::vector<std::shared_ptr<AlertQueue>> queues;
  {
    absl::MutexLock lock(&mutex_);
    const model::AlertingConfig* const config = AlertingOf(alerting_, tenant);
    if (config == nullptr || config->alertmanagers.empty()) return;
    alerts = Prepared(std::move(alerts), *config);
    for (const std::string& url : config->alertmanagers) queues.push_back(queues_[url].queue);
  }
  if (alerts.empty()) return;
  for (const auto& queue : queues) queue->Add(tenant, alerts);
}

AlertmanagerUrls AlertRouter::UrlsOf(const std::string& tenant) {
  AlertmanagerUrls urls;
  absl::MutexLock lock(&mutex_);
  const model::AlertingConfig* const config = AlertingOf(alerting_, tenant);
  if (config == nullptr) return urls;
  for (const std::string& url : config->alertmanagers) urls.active.push_back(PostUrl(url));
  return urls;
}

}  // namespace tidegate::control
