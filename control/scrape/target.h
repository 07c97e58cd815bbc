// One target, as its job's rules make it from what discovery found.
#ifndef TIDEGATE_CONTROL_SCRAPE_TARGET_H_
#define TIDEGATE_CONTROL_SCRAPE_TARGET_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "control/scrape/scrape_config.h"
#include "model/labels.h"

namespace tidegate::control {

// Immutable. The rules are Prometheus 3's (prometheus/scrape/target.go).
struct Target {
  std::string tenant;
  std::shared_ptr<const ScrapeConfig> job;
  model::Labels discovered;  // What relabelling started from.
  model::Labels labels;      // That its series get: job, instance and others, none of them __*.
  std::string url;
  absl::Duration interval;  // May be its own: relabelling can set __scrape_interval__.
  absl::Duration timeout;
  uint64_t hash = 0;         // Of labels and URL. Equal ones are one target.
  std::string forced_error;  // Set: it is not asked, and every scrape fails with this.
  bool dropped = false;      // By relabelling; only `discovered` and `job` are set.
};

// All targets of a job.
struct Pool {
  std::string tenant;
  std::string name;
  std::vector<std::shared_ptr<const Target>> active;  // No two have the same hash.
  std::vector<model::Labels> dropped;                 // At most keep_dropped_targets, 0 = all.
  uint64_t dropped_count = 0;
  std::shared_ptr<const ScrapeConfig> job;
};

// Targets of these groups. Those that cannot be are left out; `mistakes` says why. Beyond
// target_limit all of them are there and fail, as in Prometheus: nobody overlooks that.
Pool MakePool(const std::string& tenant, std::shared_ptr<const ScrapeConfig> job,
              const std::vector<model::TargetGroup>& groups, std::vector<std::string>* mistakes);

// The labels in front of relabelling: address, group, then what the job sets where nothing is.
model::Labels DiscoveredLabels(const ScrapeConfig& job, const std::string& address,
                               const std::vector<std::pair<std::string, std::string>>& group);

// InvalidArgument: no address, one that is none, an interval that is none.
absl::StatusOr<Target> MakeTarget(const std::string& tenant,
                                  std::shared_ptr<const ScrapeConfig> job,
                                  model::Labels discovered);

// When a target is scraped next, strictly after `now`: always at the same point of its interval,
// which its hash chooses, so that targets do not all come at once and a restart changes nothing.
absl::Time NextScrape(absl::Time now, absl::Duration interval, uint64_t hash);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_SCRAPE_TARGET_H_
