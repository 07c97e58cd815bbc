// What a result means for a target's alert: the whole state machine, without time, disk or network.
#ifndef TIDEGATE_CONTROL_MONITORS_ALERTS_ALERT_STEP_H_
#define TIDEGATE_CONTROL_MONITORS_ALERTS_ALERT_STEP_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "control/monitors/alerts/monitor_alert.h"
#include "control/monitors/settings/monitor.h"
#include "model/sample.h"

namespace tidegate::control {

// What a check found about one target.
struct CheckResult {
  std::string target;  // As MonitorAlert::target.
  AlertLevel level = AlertLevel::kOk;
  std::optional<double> value;
  std::string message;
  // Of the newest thing that was looked at: a value that was judged before is no new attempt.
  model::TimestampMs observed = 0;
  std::optional<AlertSeries> series;
};

// What is remembered of a target between its results.
struct TargetState {
  int64_t bad = 0;       // Results in a row that were not ok.
  int64_t critical = 0;  // Of them, critical ones in a row.
  model::TimestampMs observed = 0;
  std::string alert;  // The one that it has opened.

  bool empty() const { return bad == 0 && alert.empty(); }
  friend bool operator==(const TargetState&, const TargetState&) = default;
};

enum class AlertAction : uint8_t { kNone, kOpen, kChange, kRemind, kClose };

struct AlertStep {
  AlertAction action = AlertAction::kNone;
  AlertLevel level = AlertLevel::kOk;  // The alert's from now on.
};

// Counts the result and says what follows:
//   - maxCheckAttempts results in a row that are at least warning open an alert; it is critical
//   when
//     as many in a row were critical;
//   - an open alert becomes critical after as many critical results, warning at the first that is
//     only that, and closes at the first that is ok;
//   - an open alert that was not told for notificationInterval is told again; those of connectivity
//     monitors take the level that the monitor says only then;
//   - when the alert was closed by somebody (`open` is nullptr, but the state has one), counting
//     begins anew.
AlertStep NextStep(const Monitor& monitor, const CheckResult& result, const MonitorAlert* open,
                   absl::Time now, TargetState* state);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_ALERTS_ALERT_STEP_H_
