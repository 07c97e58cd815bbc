// Documents that belong to a host, a service or a role, and go with it.
#ifndef TIDEGATE_CONTROL_MONITORS_INVENTORY_OWNED_COLLECTIONS_H_
#define TIDEGATE_CONTROL_MONITORS_INVENTORY_OWNED_COLLECTIONS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "storage/documents.h"

namespace tidegate::control {

// metadata/TENANT/OWNER/NAMESPACE, and check_states/TENANT/OWNER/MONITOR of hosts.
inline constexpr std::string_view kMetadata = "metadata";
inline constexpr std::string_view kCheckStates = "check_states";

// OWNER. Names and ids have been checked: no / is in them.
std::string OwnedByHost(std::string_view id);
std::string OwnedByService(std::string_view service);
std::string OwnedByRole(std::string_view service, std::string_view role);

// COLLECTION/TENANT/OWNER/, in front of what the owner has.
std::string OwnedPrefix(std::string_view collection, const std::string& tenant,
                        const std::string& owner);

// Adds the writes that delete all of it.
absl::Status ForgetOwned(storage::Documents* documents, const std::string& tenant,
                         const std::string& owner, std::vector<storage::DocumentWrite>* writes);

// Deletes what is known of checks that the host does not do any more, unless they have an alert.
absl::Status ForgetOtherChecks(storage::Documents* documents, const std::string& tenant,
                               const std::string& host, const std::vector<std::string>& names);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_INVENTORY_OWNED_COLLECTIONS_H_
