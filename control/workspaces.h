// Workspaces: jobs with targets that tenants make over an API, and that are scraped.
#ifndef TIDEGATE_CONTROL_WORKSPACES_H_
#define TIDEGATE_CONTROL_WORKSPACES_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "model/clock.h"
#include "storage/documents.h"

namespace tidegate::control {

class LimitGuard;

inline constexpr std::string_view kWorkspaceRegions[] = {"kr", "kr2", "jp", "us"};
// Series of a workspace's target carry its id under this label.
inline constexpr std::string_view kTargetIdLabel = "openmetrics_id";

struct WorkspaceJob {
  std::string id;
  std::string region;  // One of kWorkspaceRegions.
  std::string name;    // Unique in the tenant's region.
  std::string metrics_path;
  std::string description;
  absl::Time modified;
  std::string reserved;  // Not empty: made by the system, and not to be changed.
};

struct WorkspaceTarget {
  std::string id;
  std::string job_id;
  std::string host_id;
  uint16_t port = 0;
  absl::Time modified;
};

// Thread safe. Everywhere also Unavailable, when the documents cannot be reached.
class Workspaces {
 public:
  virtual ~Workspaces() = default;
  // Of a region, the reserved job first, then by name.
  virtual absl::StatusOr<std::vector<WorkspaceJob>> Jobs(const std::string& tenant,
                                                         const std::string& region) = 0;
  // NotFound.
  virtual absl::StatusOr<WorkspaceJob> Job(const std::string& tenant, const std::string& id) = 0;
  // Sets id and time. AlreadyExists: the region has a job of that name. ResourceExhausted: the
  // tenant's max_scrape_jobs.
  virtual absl::StatusOr<WorkspaceJob> CreateJob(const std::string& tenant, WorkspaceJob job) = 0;
  // Path and description of the job with this id; sets the time. NotFound; FailedPrecondition: it
  // is reserved.
  virtual absl::StatusOr<WorkspaceJob> UpdateJob(const std::string& tenant,
                                                 const WorkspaceJob& job) = 0;
  // With its targets. NotFound; FailedPrecondition.
  virtual absl::Status DeleteJob(const std::string& tenant, const std::string& id) = 0;

  // In the order of their making. The job is not looked for, here and below.
  virtual absl::StatusOr<std::vector<WorkspaceTarget>> TargetsOf(const std::string& tenant,
                                                                 const std::string& job_id) = 0;
  // NotFound.
  virtual absl::StatusOr<WorkspaceTarget> Target(const std::string& tenant,
                                                 const std::string& job_id,
                                                 const std::string& id) = 0;
  // Sets id and time. AlreadyExists: the job has that port of that host. ResourceExhausted: the
  // tenant's max_scrape_targets.
  virtual absl::StatusOr<WorkspaceTarget> AddTarget(const std::string& tenant,
                                                    WorkspaceTarget target) = 0;
  // NotFound.
  virtual absl::Status DeleteTarget(const std::string& tenant, const std::string& job_id,
                                    const std::string& id) = 0;
};

// Workspaces in documents. Everything must outlive them. Without limits the defaults hold.
std::unique_ptr<Workspaces> OpenWorkspaces(storage::Documents* documents, const model::Clock* clock,
                                           LimitGuard* limits = nullptr);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_WORKSPACES_H_
