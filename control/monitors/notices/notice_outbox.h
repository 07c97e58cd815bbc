// Notifications that wait to be sent, as documents: notices/TENANT/TIME-ALERT-CHANNEL.
#ifndef TIDEGATE_CONTROL_MONITORS_NOTICES_NOTICE_OUTBOX_H_
#define TIDEGATE_CONTROL_MONITORS_NOTICES_NOTICE_OUTBOX_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "control/monitors/notices/notice_body.h"
#include "control/monitors/notices/notice_settings.h"
#include "storage/documents.h"

namespace tidegate::control {

// Written with new notifications.
inline constexpr std::string_view kNoticeChanges = "notice_changes";

// One for one channel.
struct PendingNotice {
  std::string key;  // Of its document: older ones are smaller.
  std::string tenant;
  std::string channel;
  std::string url;              // Where it is posted; empty: it is an email.
  std::vector<std::string> to;  // Of an email, as the two below.
  std::string subject;
  std::string alert;  // The id of the alert that it is about.
  std::string body;
  absl::Time made_at;
};

// Adds a document for each of these channels that somebody can be reached by, and kNoticeChanges
// when there is one. They are sent in the order of `about`, the time of what they
// tell: no two things about one alert have the same.
void AddNotices(const std::vector<const NoticeChannel*>& channels, const Notice& notice,
                absl::Time about, absl::Time now, std::vector<storage::DocumentWrite>* writes);

// All that wait, of all tenants, by key. What cannot be read is left out.
absl::StatusOr<std::vector<PendingNotice>> LoadNotices(storage::Documents* documents);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_NOTICES_NOTICE_OUTBOX_H_
