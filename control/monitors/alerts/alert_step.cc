#include "control/monitors/alerts/alert_step.h"

namespace tidegate::control {
namespace {

bool IsReminderDue(const Monitor& monitor, const MonitorAlert& open, absl::Time now) {
  return monitor.notification_interval.has_value() &&
         now - open.notified_at >= absl::Minutes(*monitor.notification_interval);
}

void Count(const CheckResult& result, TargetState* state) {
  state->observed = result.observed;
  ++state->bad;
  state->critical = result.level == AlertLevel::kCritical ? state->critical + 1 : 0;
}

}  // namespace

AlertStep NextStep(const Monitor& monitor, const CheckResult& result, const MonitorAlert* open,
                   absl::Time now, TargetState* state) {
  if (open == nullptr && !state->alert.empty()) *state = TargetState{0, 0, state->observed, ""};
  if (open != nullptr && state->alert.empty()) state->alert = open->id;
  const bool is_new = result.observed > state->observed;
  if (is_new && result.level == AlertLevel::kOk) {
    *state = TargetState();
    return open == nullptr ? AlertStep() : AlertStep{AlertAction::kClose, AlertLevel::kOk};
  }
  if (is_new) Count(result, state);
  const bool is_critical = state->critical >= monitor.max_check_attempts;
  AlertLevel level = is_critical ? AlertLevel::kCritical : AlertLevel::kWarning;
  if (open == nullptr) {
    if (!is_new || state->bad < monitor.max_check_attempts) return {};
    return {AlertAction::kOpen, level};
  }
  const bool remind = IsReminderDue(monitor, *open, now);
  if (monitor.kind() == MonitorKind::kConnectivity) {
    level = remind ? std::get<ConnectivityCheck>(monitor.check).on_gone : open->level;
  }
  if (is_new && level != open->level) return {AlertAction::kChange, level};
  if (remind) return {AlertAction::kRemind, open->level};
  return {AlertAction::kNone, open->level};
}

}  // namespace tidegate::control
