// One alert of a monitor.
#ifndef TIDEGATE_CONTROL_MONITORS_ALERTS_MONITOR_ALERT_H_
#define TIDEGATE_CONTROL_MONITORS_ALERTS_MONITOR_ALERT_H_

#include <boost/json.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "control/monitors/settings/monitor.h"
#include "storage/documents.h"

namespace tidegate::control {

// The series of a query monitor.
struct AlertSeries {
  std::string name;
  std::map<std::string, std::string> labels;
  friend bool operator==(const AlertSeries&, const AlertSeries&) = default;
};

// A change of an alert's level.
struct AlertLogEntry {
  int64_t number = 0;  // From 1, in order.
  absl::Time at;
  AlertLevel level = AlertLevel::kOk;
  std::string trigger;  // "monitoring", "manual", "monitorDelete", "hostRetire"
  std::optional<double> value;
  std::string message;
  friend bool operator==(const AlertLogEntry&, const AlertLogEntry&) = default;
};

// The latest of an alert; older ones are forgotten.
inline constexpr size_t kMaxAlertLog = 100;

struct MonitorAlert {
  std::string id;
  std::string monitor;
  MonitorKind kind = MonitorKind::kHost;
  std::string target;  // What is watched: a host's id, a series' labels, or nothing.
  std::string host;    // Of kinds that watch hosts.
  std::optional<AlertSeries> series;
  AlertLevel level = AlertLevel::kOk;  // kOk: closed.
  AlertLevel worst = AlertLevel::kOk;  // Since it was opened.
  std::optional<double> value;
  std::string message;
  std::string reason;  // Of its closing.
  std::string memo;
  absl::Time opened_at;
  absl::Time changed_at;                          // Of its level.
  absl::Time closed_at = absl::InfiniteFuture();  // InfiniteFuture while it is open.
  absl::Time notified_at = absl::InfinitePast();  // Last; InfinitePast: never.
  std::vector<AlertLogEntry> log;                 // The oldest first.

  bool is_open() const { return level != AlertLevel::kOk; }
  friend bool operator==(const MonitorAlert&, const MonitorAlert&) = default;
};

// As the API shows it.
boost::json::object ShowAlert(const MonitorAlert& alert);

// "ALERT-NUMBER".
std::string LogEntryId(const MonitorAlert& alert, const AlertLogEntry& entry);
boost::json::object ShowLogEntry(const MonitorAlert& alert, const AlertLogEntry& entry);

// Documents: open_alerts/TENANT/KEY and closed_alerts/TENANT/KEY, the latest first.
std::string OpenAlertKey(const std::string& tenant, const std::string& id);
std::string ClosedAlertKey(const std::string& tenant, const std::string& id);
std::string EncodeAlert(const MonitorAlert& alert);
absl::StatusOr<MonitorAlert> DecodeAlert(const storage::Document& document);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_ALERTS_MONITOR_ALERT_H_
