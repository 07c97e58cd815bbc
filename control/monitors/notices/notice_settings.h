// Who is told about an alert.
#ifndef TIDEGATE_CONTROL_MONITORS_NOTICES_NOTICE_SETTINGS_H_
#define TIDEGATE_CONTROL_MONITORS_NOTICES_NOTICE_SETTINGS_H_

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "control/monitors/settings/monitor.h"
#include "storage/documents.h"

namespace tidegate::control {

struct NoticeChannel {
  std::string id;
  std::string type;  // "webhook", "slack", "email"
  std::string url;
  std::vector<std::string> emails;
  bool wants_alerts = false;
  std::map<std::string, std::string> mentions;  // By level: "ok", "warning", "critical".
};

struct NoticeGroup {
  std::string id;
  bool is_default = false;
  bool critical_only = false;
  std::vector<std::string> groups;
  std::vector<std::string> channels;
  std::map<std::string, bool> monitors;  // Whether the default group is skipped, by monitor.
  std::set<std::string> services;
};

struct NoticeSettings {
  std::map<std::string, NoticeGroup> groups;
  std::map<std::string, NoticeChannel> channels;
};

absl::StatusOr<NoticeSettings> LoadNoticeSettings(storage::Documents* documents,
                                                  const std::string& tenant);

// What a notification is about.
struct NoticeOccasion {
  std::string monitor;
  std::vector<std::string> services;  // Of what is watched.
  AlertLevel level = AlertLevel::kOk;
  AlertLevel worst = AlertLevel::kOk;  // Of the alert, ever.
};

// Channels in the order of their ids, each once. The default group hears of everything, unless a
// group that names the monitor says that only it does; other groups hear of the monitors and
// services that they name. A group tells its channels and the groups below it. One that is for
// critical alerts hears of critical ones, and of the end of those that were.
std::vector<const NoticeChannel*> ChannelsFor(const NoticeSettings& settings,
                                              const NoticeOccasion& occasion);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_NOTICES_NOTICE_SETTINGS_H_
