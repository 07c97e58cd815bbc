// What channels are sent.
#ifndef TIDEGATE_CONTROL_MONITORS_NOTICES_NOTICE_BODY_H_
#define TIDEGATE_CONTROL_MONITORS_NOTICES_NOTICE_BODY_H_

#include <string>
#include <string_view>
#include <vector>

#include "control/monitors/alerts/monitor_alert.h"
#include "control/monitors/inventory/host_documents.h"
#include "control/monitors/notices/notice_settings.h"
#include "control/monitors/settings/monitor.h"

namespace tidegate::control {

// Everything that a notification tells.
struct Notice {
  std::string tenant;
  std::string external_url;  // Links begin with it.
  const MonitorAlert* alert = nullptr;
  const Monitor* monitor = nullptr;  // nullptr: it has been deleted.
  const HostRecord* host = nullptr;  // nullptr: it is not about a host.
  std::string service;               // Empty: it is not about one.
  // "monitoring", "manual", "monitorDelete", "hostRetire"
  std::string_view trigger = "monitoring";
};

// One sentence: "loadavg5 2.26 > 1.96".
std::string NoticeMessage(const Notice& notice);

// What the channel is sent: of webhooks the JSON that Mackerel's page "Webhook notifications" has,
// of Slack a text with the mention of the level and an attachment with colour, link and fields, of
// email the text.
std::string NoticeBody(const NoticeChannel& channel, const Notice& notice);
// Of an email: "[CRITICAL] NAME at HOST".
std::string NoticeSubject(const Notice& notice);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_NOTICES_NOTICE_BODY_H_
