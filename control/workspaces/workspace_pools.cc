#include "control/workspaces/workspace_pools.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace tidegate::control {
namespace {

constexpr absl::Duration kInterval = absl::Seconds(15);
constexpr absl::Duration kTimeout = absl::Seconds(10);
// Documents of a tenant may go without a note in workspace_changes: with the tenant.
constexpr absl::Duration kLongestTrust = absl::Minutes(1);

std::string AddressOf(const model::Host& host, uint16_t port) {
  const bool is_v6 = host.address.find(':') != host.address.npos;
  return fmt::format("{}{}{}:{}", is_v6 ? "[" : "", host.address, is_v6 ? "]" : "", port);
}

}  // namespace

bool WorkspacePools::Refresh() {
  const auto workspaces = workspaces_.Version();
  const auto hosts = hosts_.Version();
  if (!workspaces.ok() || !hosts.ok()) return false;
  const Versions versions{*workspaces, *hosts};
  const absl::Time now = clock_.Now();
  if (built_ && versions == versions_ && now - built_at_ < kLongestTrust) return false;
  auto pools = Build();
  if (!pools.ok()) {
    spdlog::warn("workspaces stay as they were: {}", std::string(pools.status().message()));
    return false;
  }
  const bool changed = !built_ || versions != versions_ || pools->size() != pools_.size();
  built_ = true;
  versions_ = versions;
  built_at_ = now;
  if (changed) pools_ = *std::move(pools);
  return changed;
}

std::shared_ptr<const ScrapeConfig> WorkspacePools::ConfigOf(const JobId& id,
                                                             const WorkspaceJob& job) {
  std::shared_ptr<const ScrapeConfig>& config = configs_[id];
  if (config == nullptr || config->job_name != job.name ||
      config->metrics_path != job.metrics_path) {
    ScrapeConfig fresh;
    fresh.job_name = job.name;
    fresh.metrics_path = job.metrics_path;
    fresh.interval = kInterval;
    fresh.timeout = kTimeout;
    fresh.protocols = {ScrapeProtocol::kOpenMetrics100, ScrapeProtocol::kOpenMetrics001,
                       ScrapeProtocol::kText100, ScrapeProtocol::kText004};
    config = std::make_shared<const ScrapeConfig>(std::move(fresh));
  }
  return config;
}

absl::StatusOr<std::vector<std::shared_ptr<const Pool>>> WorkspacePools::Build() {
  const auto everything = workspaces_.Everything();
  if (!everything.ok()) return everything.status();
  std::vector<std::shared_ptr<const Pool>> pools;
  std::map<std::string, std::map<std::string, model::Host>> hosts_of;
  for (const auto& [tenant, job, targets] : *everything) {
    if (targets.empty()) continue;
    if (!hosts_of.contains(tenant)) {
      const auto hosts = hosts_.List(tenant);
      if (!hosts.ok()) return hosts.status();
      for (const model::Host& host : *hosts) hosts_of[tenant][host.id] = host;
    }
    std::vector<model::TargetGroup> groups;
    for (const WorkspaceTarget& target : targets) {
      const auto host = hosts_of[tenant].find(target.host_id);
      if (host == hosts_of[tenant].end()) continue;
      groups.push_back({{AddressOf(host->second, target.port)},
                        {{std::string(kTargetIdLabel), target.id}},
                        "workspace " + job.id});
    }
    std::vector<std::string> mistakes;
    pools.push_back(std::make_shared<const Pool>(
        MakePool(tenant, ConfigOf({tenant, job.id}, job), groups, &mistakes)));
    for (const std::string& mistake : mistakes) spdlog::warn("tenant {}: {}", tenant, mistake);
  }
  return pools;
}

}  // namespace tidegate::control
