// What is known of a check of a host, and what a report means for its alert.
#ifndef TIDEGATE_CONTROL_MONITORS_REPORTS_CHECK_STATE_H_
#define TIDEGATE_CONTROL_MONITORS_REPORTS_CHECK_STATE_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "control/monitors/alerts/alert_step.h"
#include "control/monitors/alerts/monitor_alert.h"
#include "control/monitors/reports/check_report.h"
#include "control/monitors/settings/monitor.h"
#include "storage/documents.h"

namespace tidegate::control {

struct CheckState {
  std::string monitor;
  std::string name;
  AlertLevel level = AlertLevel::kOk;  // Of the latest report, as the two below.
  std::string message;
  int64_t occurred_at = 0;
  int64_t bad = 0;    // Reports in a row that were not ok.
  std::string alert;  // The one that it has opened.
  friend bool operator==(const CheckState&, const CheckState&) = default;
};

// Reports about a time that lies so far behind are passed over.
inline constexpr absl::Duration kReportTooLate = absl::Hours(6);

// Whether it is to be judged: not too late, and newer than what is known.
bool IsNews(const CheckReport& report, const CheckState& state, absl::Time now);

// Counts the report and says what follows:
//   - maxCheckAttempts reports in a row that are not ok open an alert of the level of the last one;
//   - an open alert has the level of the latest report, and closes at the first that is ok;
//   - one that was not told for notificationInterval is told again;
//   - when it was closed by somebody (`open` is nullptr, but the state has one), counting begins
//     anew.
// Pure.
AlertStep StepOfReport(const CheckReport& report, const MonitorAlert* open, absl::Time now,
                       CheckState* state);

// check_states/TENANT/host/HOST/MONITOR.
std::string CheckStateKey(const std::string& tenant, const std::string& host,
                          const std::string& monitor);
std::string EncodeCheckState(const CheckState& state);
absl::StatusOr<CheckState> DecodeCheckState(const storage::Document& document);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_REPORTS_CHECK_STATE_H_
