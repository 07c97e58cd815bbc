// The pools of targets that workspaces describe.
#ifndef TIDEGATE_CONTROL_WORKSPACES_WORKSPACE_POOLS_H_
#define TIDEGATE_CONTROL_WORKSPACES_WORKSPACE_POOLS_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "control/hosts.h"
#include "control/scrape/pool_source.h"
#include "control/workspaces/workspace_documents.h"
#include "model/clock.h"

namespace tidegate::control {

// A target is http://ADDRESS:PORT/METRICS_PATH, every 15 s; its series have the labels job (the
// job's name), instance and openmetrics_id (the target's id). Targets whose host is not registered
// are left out. Owned by one thread.
class WorkspacePools final : public PoolSource {
 public:
  // Everything must outlive it.
  WorkspacePools(WorkspaceDocuments* workspaces, Hosts* hosts, const model::Clock* clock)
      : workspaces_(*workspaces), hosts_(*hosts), clock_(*clock) {}

  bool Refresh() override;
  const std::vector<std::shared_ptr<const Pool>>& pools() const override { return pools_; }

 private:
  using Versions = std::pair<uint64_t, uint64_t>;  // Of workspaces and hosts.
  using JobId = std::pair<std::string, std::string>;

  absl::StatusOr<std::vector<std::shared_ptr<const Pool>>> Build();
  std::shared_ptr<const ScrapeConfig> ConfigOf(const JobId& id, const WorkspaceJob& job);

  WorkspaceDocuments& workspaces_;
  Hosts& hosts_;
  const model::Clock& clock_;
  bool built_ = false;
  Versions versions_;
  absl::Time built_at_;
  // The same object while a job's settings are the same, so that its targets go on undisturbed.
  std::map<JobId, std::shared_ptr<const ScrapeConfig>> configs_;
  std::vector<std::shared_ptr<const Pool>> pools_;
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_WORKSPACES_WORKSPACE_POOLS_H_
