// What is remembered of targets between rounds, as documents:
// monitor_states/TENANT/MONITOR/DIGEST.
#ifndef TIDEGATE_CONTROL_MONITORS_EVALUATION_TARGET_STATES_H_
#define TIDEGATE_CONTROL_MONITORS_EVALUATION_TARGET_STATES_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "control/monitors/alerts/alert_step.h"
#include "storage/documents.h"

namespace tidegate::control {

using TargetId = std::pair<std::string, std::string>;  // Monitor, target.
using TargetStates = std::map<TargetId, TargetState>;  // Those that are not empty.

absl::StatusOr<TargetStates> LoadTargetStates(storage::Documents* documents,
                                              const std::string& tenant);

// The write that makes the document say this; an empty state has none.
storage::DocumentWrite WritingState(const std::string& tenant, const TargetId& id,
                                    const TargetState& state);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_EVALUATION_TARGET_STATES_H_
