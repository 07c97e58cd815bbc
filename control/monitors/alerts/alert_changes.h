// What it takes to change an alert: its document, its log, and who is told.
#ifndef TIDEGATE_CONTROL_MONITORS_ALERTS_ALERT_CHANGES_H_
#define TIDEGATE_CONTROL_MONITORS_ALERTS_ALERT_CHANGES_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "control/monitors/alerts/monitor_alert.h"
#include "control/monitors/inventory/host_documents.h"
#include "control/monitors/notices/notice_settings.h"
#include "control/monitors/settings/monitor.h"
#include "storage/documents.h"

namespace tidegate::control {

// Of a tenant; beyond it none is opened.
inline constexpr size_t kMaxOpenAlerts = 10'000;

// An open alert and the version that its change expects; 0: it is new.
struct OpenAlert {
  MonitorAlert alert;
  uint64_t version = 0;
};

// What an alert is about, as it is now; nullptr: it is gone, or there is none.
struct AlertSubject {
  const Monitor* monitor = nullptr;
  const HostRecord* host = nullptr;
};

// Whether its targets are hosts.
bool WatchesHosts(MonitorKind kind);
// Services and roles that it is about: those of the host, or the monitor's service.
std::vector<Scope> WatchedBy(const AlertSubject& subject);
// Muted monitors and hosts that are not working tell nobody.
bool MayTell(const AlertSubject& subject);

struct AlertSurroundings {
  std::string tenant;
  std::string external_url;
  const NoticeSettings* notices = nullptr;
  absl::Time time;  // Of the changes.
  absl::Time now;   // Of notifications.
};

// Collects the writes of one transaction. Owned by one thread.
class AlertChanges {
 public:
  // What it points to must outlive it.
  explicit AlertChanges(AlertSurroundings around) : around_(std::move(around)) {}

  // A new one for this target; tells.
  void Open(const std::string& id, const AlertSubject& subject, const std::string& target,
            AlertLevel level, OpenAlert* open);
  // Another level, or a reminder; tells.
  void Change(const AlertSubject& subject, AlertLevel level, OpenAlert* open);
  // Moves it to the closed ones; tells. Returns it as it is then.
  MonitorAlert Close(OpenAlert open, const AlertSubject& subject, std::string_view trigger,
                     const std::string& reason);

  std::vector<storage::DocumentWrite>& writes() { return writes_; }
  size_t count() const { return count_; }

 private:
  void Log(std::string_view trigger, MonitorAlert* alert) const;
  void Tell(const AlertSubject& subject, std::string_view trigger, MonitorAlert* alert);
  void Put(const AlertSubject& subject, OpenAlert* open);

  const AlertSurroundings around_;
  std::vector<storage::DocumentWrite> writes_;
  size_t count_ = 0;
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_ALERTS_ALERT_CHANGES_H_
