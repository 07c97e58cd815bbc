// Jobs and targets of workspaces as documents.
//
//   workspaces/<tenant>/jobs/<job>              the job
//   workspaces/<tenant>/names/<digest>          that its name is taken in its region
//   workspaces/<tenant>/targets/<job>/<target>  a target
//   workspaces/<tenant>/ports/<job>/<digest>    that a port of a host is taken
//   workspace_changes                           written with every change of any of them
#ifndef TIDEGATE_CONTROL_WORKSPACES_WORKSPACE_DOCUMENTS_H_
#define TIDEGATE_CONTROL_WORKSPACES_WORKSPACE_DOCUMENTS_H_

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "control/limits/limit_guard.h"
#include "control/workspaces.h"
#include "model/clock.h"
#include "storage/documents.h"

namespace tidegate::control {

// Thread safe.
class WorkspaceDocuments final : public Workspaces {
 public:
  // Everything must outlive it. Without limits the defaults hold.
  WorkspaceDocuments(storage::Documents* documents, const model::Clock* clock,
                     LimitGuard* limits = nullptr)
      : documents_(*documents), clock_(*clock), limits_(limits) {}

  absl::StatusOr<std::vector<WorkspaceJob>> Jobs(const std::string& tenant,
                                                 const std::string& region) override;
  absl::StatusOr<WorkspaceJob> Job(const std::string& tenant, const std::string& id) override;
  absl::StatusOr<WorkspaceJob> CreateJob(const std::string& tenant, WorkspaceJob job) override;
  absl::StatusOr<WorkspaceJob> UpdateJob(const std::string& tenant,
                                         const WorkspaceJob& job) override;
  absl::Status DeleteJob(const std::string& tenant, const std::string& id) override;
  absl::StatusOr<std::vector<WorkspaceTarget>> TargetsOf(const std::string& tenant,
                                                         const std::string& job_id) override;
  absl::StatusOr<WorkspaceTarget> Target(const std::string& tenant, const std::string& job_id,
                                         const std::string& id) override;
  absl::StatusOr<WorkspaceTarget> AddTarget(const std::string& tenant,
                                            WorkspaceTarget target) override;
  absl::Status DeleteTarget(const std::string& tenant, const std::string& job_id,
                            const std::string& id) override;

  // Differs when anything has changed since it was asked last.
  absl::StatusOr<uint64_t> Version();
  // Jobs with their targets, of all tenants. Targets without a job are left out.
  struct JobWithTargets {
    std::string tenant;
    WorkspaceJob job;
    std::vector<WorkspaceTarget> targets;
  };
  absl::StatusOr<std::vector<JobWithTargets>> Everything();

 private:
  absl::StatusOr<std::vector<WorkspaceJob>> AllJobs(const std::string& tenant);
  absl::Status EnsureReserved(const std::string& tenant, std::vector<WorkspaceJob>* jobs);
  // ResourceExhausted, and counted, when the tenant has as many as the limit of this name allows.
  absl::Status CheckCount(const std::string& tenant, std::string_view limit, size_t count,
                          size_t most);
  absl::Status Commit(std::vector<storage::DocumentWrite> writes);

  storage::Documents& documents_;
  const model::Clock& clock_;
  LimitGuard* const limits_;
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_WORKSPACES_WORKSPACE_DOCUMENTS_H_
