// Limits of one tenant on what the control process does for it: rules, scraping, pushed groups,
// monitors.
#ifndef TIDEGATE_MODEL_CONTROL_LIMITS_H_
#define TIDEGATE_MODEL_CONTROL_LIMITS_H_

#include <cstddef>
#include <cstdint>

#include "absl/time/time.h"

namespace tidegate::model {

// Zero switches a limit off.
struct ControlLimits {
  // --- Rules, names and meaning as Mimir's ruler_ limits. 400 when groups are written ---
  uint32_t max_rule_groups = 0;                             // Of the tenant.
  uint32_t max_rules_per_group = 0;                         // Of one group.
  absl::Duration min_rule_interval = absl::ZeroDuration();  // Shorter intervals become this.
  // --- Workspaces and scraping ---
  uint32_t max_scrape_jobs = 1000;                            // Of the tenant's workspaces.
  uint32_t max_scrape_targets = 5000;                         // Of one job.
  uint64_t max_scrape_body_bytes = uint64_t{256} << 20;       // Decompressed. Longer ones fail.
  absl::Duration min_scrape_interval = absl::ZeroDuration();  // Shorter intervals become this.
  // --- Groups of metrics that batch jobs push and that stay. 413 ---
  uint32_t max_push_groups = 10'000;                  // Of the tenant.
  uint64_t max_push_group_bytes = uint64_t{4} << 20;  // Of one group, pushed and as it is kept.
  // --- Monitors ---
  uint32_t max_monitors = 1000;
  uint32_t max_hosts = 10'000;
  uint32_t max_notifications_per_minute = 60;  // Of one channel; more wait, then are dropped.
};

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_CONTROL_LIMITS_H_
