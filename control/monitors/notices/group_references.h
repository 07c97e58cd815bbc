// What notification groups name, when it goes or comes.
#ifndef TIDEGATE_CONTROL_MONITORS_NOTICES_GROUP_REFERENCES_H_
#define TIDEGATE_CONTROL_MONITORS_NOTICES_GROUP_REFERENCES_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "storage/documents.h"

namespace tidegate::control {

inline constexpr std::string_view kGroupCollection = "notification_groups";

// Adds the writes that take `id` out of this member ("monitors", "childChannelIds",
// "childNotificationGroupIds") of all groups of the tenant.
absl::Status ForgetInGroups(storage::Documents* documents, const std::string& tenant,
                            std::string_view member, const std::string& id,
                            std::vector<storage::DocumentWrite>* writes);

// Adds the write that puts a channel into the default group.
absl::Status AddToDefaultGroup(storage::Documents* documents, const std::string& tenant,
                               const std::string& channel,
                               std::vector<storage::DocumentWrite>* writes);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_NOTICES_GROUP_REFERENCES_H_
