// What the results of one minute change: alerts, states, notifications, as one transaction.
#ifndef TIDEGATE_CONTROL_MONITORS_EVALUATION_ROUND_H_
#define TIDEGATE_CONTROL_MONITORS_EVALUATION_ROUND_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "control/monitors/alerts/alert_step.h"
#include "control/monitors/alerts/monitor_alert.h"
#include "control/monitors/evaluation/target_states.h"
#include "control/monitors/evaluation/tenant_snapshot.h"
#include "storage/documents.h"

namespace tidegate::control {

// Checks over the network take longer than those over values: they have rounds of their own, so
// that nobody waits for them.
enum class RoundLane : uint8_t { kValues, kExternal };
RoundLane LaneOf(MonitorKind kind);

// Changes of alerts in one round, and bytes of its transaction; what is beyond waits for the next
// one.
inline constexpr size_t kMaxRoundChanges = 1000;
inline constexpr size_t kMaxRoundBytes = size_t{2} << 20;

struct RoundInput {
  const TenantSnapshot* snapshot = nullptr;
  RoundLane lane = RoundLane::kValues;
  absl::Time time;  // The minute that was judged.
  absl::Time now;   // Of notifications.
  std::string external_url;
  // By monitor. One whose check failed is not in it.
  const std::map<std::string, std::vector<CheckResult>>* results = nullptr;
  // All open alerts of the tenant, as they lie in documents.
  const std::vector<storage::Document>* open_alerts = nullptr;
  const TargetStates* states = nullptr;
};

struct RoundOutput {
  std::vector<storage::DocumentWrite> writes;
  TargetStates states;  // From now on.
  uint64_t opened = 0;
  uint64_t changed = 0;
  uint64_t closed = 0;
  uint64_t reminded = 0;
  uint64_t postponed = 0;  // Beyond one of the bounds above.
};

// Targets in a downtime are left as they are. Alerts of monitors that are gone and of hosts that
// are retired are closed; so are those of a query's series that has had no value for kFreshFor.
// Muted monitors and hosts that are not working tell nobody. Unavailable: no randomness for ids.
absl::StatusOr<RoundOutput> PlayRound(const RoundInput& input);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_EVALUATION_ROUND_H_
