#include "control/notify/alert_router.h"

#include <prometheus/counter.h>
#include <prometheus/registry.h>
#include <spdlog/spdlog.h>

#include <utility>

#include "control/notify/alert_body.h"
#include "control/notify/alertmanager_urls.h"
#include "control/notify/http_post.h"

namespace tidegate::control {
namespace {

prometheus::Counter& Counter(prometheus::Registry& registry, const char* name, const char* help,
                             const std::string& url) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry).Add(
      {{"alertmanager", url}});
}

std::vector<OutgoingAlert> Relabelled(std::vector<OutgoingAlert> alerts,
                                      const std::vector<model::RelabelRule>& rules) {
  if (rules.empty()) return alerts;
  std::vector<OutgoingAlert> kept;
  for (OutgoingAlert& alert : alerts) {
    model::LabelsBuilder builder{alert.labels};
    if (!model::Relabel(rules, &builder)) continue;
    alert.labels = builder.Build();
    if (!alert.labels.empty()) kept.push_back(std::move(alert));
  }
  return kept;
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
  for (OutgoingAlert& alert : alerts) {
    model::LabelsBuilder builder{alert.labels};
    for (const auto& [name, value] : config.external_labels) {
      if (builder.Get(name).empty()) builder.Set(name, value);
    }
    alert.labels = builder.Build();
  }
  return Relabelled(std::move(alerts), config.relabel);
}

AlertRouter::AlertRouter(const AlertQueueOptions& options, prometheus::Registry* metrics)
    : options_(options), metrics_(*metrics) {}

void AlertRouter::SetPolicy(const OutboundPolicy* policy) {
  absl::MutexLock lock(&mutex_);
  policy_ = policy;
}

std::shared_ptr<AlertQueue> AlertRouter::MakeQueue(
    const std::string& url, std::shared_ptr<const model::AlertmanagerGroup> config) {
  const std::string shown = model::WithoutPassword(url);
  auto& sent = Counter(metrics_, "tidegate_alerts_sent_total",
                       "Alerts that an Alertmanager has taken.", shown);
  auto& lost = Counter(
      metrics_, "tidegate_alerts_lost_total",
      "Alerts that an Alertmanager did not take, or that its queue had no room for.", shown);
  auto& failed = Counter(metrics_, "tidegate_alert_send_failures_total",
                         "Requests to an Alertmanager that failed.", shown);
  AlertCounts counts{[&sent](size_t count) { sent.Increment(static_cast<double>(count)); },
                     [&lost](size_t count) { lost.Increment(static_cast<double>(count)); },
                     [&failed] { failed.Increment(); }};
  const auto deliver = [this, url, config = std::move(config)](
                           const std::string& tenant, const std::vector<OutgoingAlert>& alerts,
                           const std::atomic<bool>& stop) {
    const OutboundPolicy* policy = nullptr;
    {
      absl::MutexLock lock(&mutex_);
      policy = policy_;
    }
    if (policy == nullptr) return absl::UnavailableError("the control plane is starting");
    const std::string body = AlertBody(alerts);
    PostRequest request{tenant, url, "application/json", body, config->timeout};
    request.client = &config->http;
    return Post(*policy, request, stop);
  };
  return std::make_shared<AlertQueue>(options_, deliver, std::move(counts));
}

bool AlertRouter::FindTargets() {
  bool changed = false;
  for (auto& [tenant, groups] : groups_) {
    for (Group& group : groups) {
      std::vector<model::TargetGroup> found = group.config->static_groups;
      for (const model::FileDiscoveryConfig& files : group.config->file_discoveries) {
        for (model::TargetGroup& one : discovery_.Groups(files.files)) {
          found.push_back(std::move(one));
        }
      }
      if (found == group.found) continue;
      group.found = std::move(found);
      changed = true;
    }
  }
  std::vector<std::string> mistakes = discovery_.TakeMistakes();
  for (const std::string& mistake : mistakes) spdlog::warn("Alertmanagers: {}", mistake);
  return changed;
}

void AlertRouter::Refresh(bool config_changed, Queues* old) {
  if (!FindTargets() && !config_changed) return;
  old->swap(queues_);
  std::vector<std::string> mistakes;
  for (auto& [tenant, groups] : groups_) {
    for (Group& group : groups) {
      group.urls = UrlsOfGroup(*group.config, group.found, &mistakes);
      group.queues.clear();
      for (const std::string& url : group.urls.active) {
        auto& queue = queues_[{url, group.config->source}];
        if (const auto known = old->find({url, group.config->source}); known != old->end()) {
          queue = known->second;
        }
        if (queue == nullptr) queue = MakeQueue(url, group.config);
        group.queues.push_back(queue);
      }
    }
  }
  for (const std::string& mistake : mistakes) spdlog::warn("Alertmanagers: {}", mistake);
}

void AlertRouter::SetConfig(std::vector<model::AlertingConfig> alerting) {
  Queues old;
  std::map<std::string, std::vector<Group>> old_groups;
  absl::MutexLock lock(&mutex_);
  old_groups.swap(groups_);
  alerting_ = std::move(alerting);
  for (const model::AlertingConfig& entry : alerting_) {
    std::vector<Group>& groups = groups_[entry.tenant];
    for (const model::AlertmanagerGroup& config : entry.alertmanagers) {
      groups.push_back({std::make_shared<const model::AlertmanagerGroup>(config), {}, {}, {}});
    }
  }
  Refresh(true, &old);
}

void AlertRouter::Send(const std::string& tenant, std::vector<OutgoingAlert> alerts) {
  Queues old;
  std::vector<Group> groups;
  {
    absl::MutexLock lock(&mutex_);
    const model::AlertingConfig* const config = AlertingOf(alerting_, tenant);
    if (config == nullptr) return;
    Refresh(false, &old);
    groups = groups_[config->tenant];
    alerts = Prepared(std::move(alerts), *config);
  }
  for (const Group& group : groups) {
    const std::vector<OutgoingAlert> wanted = Relabelled(alerts, group.config->alert_relabel);
    if (wanted.empty()) continue;
    for (const auto& queue : group.queues) queue->Add(tenant, wanted);
  }
}

AlertmanagerUrls AlertRouter::UrlsOf(const std::string& tenant) {
  Queues old;
  AlertmanagerUrls urls;
  absl::MutexLock lock(&mutex_);
  const model::AlertingConfig* const config = AlertingOf(alerting_, tenant);
  if (config == nullptr) return urls;
  Refresh(false, &old);
  for (const Group& group : groups_[config->tenant]) {
    for (const std::string& url : group.urls.active) {
      urls.active.push_back(model::WithoutPassword(url));
    }
    for (const std::string& url : group.urls.dropped) {
      urls.dropped.push_back(model::WithoutPassword(url));
    }
  }
  return urls;
}

}  // namespace tidegate::control
