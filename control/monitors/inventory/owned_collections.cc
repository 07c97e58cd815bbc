#include "control/monitors/inventory/owned_collections.h"

#include <fmt/format.h>

#include <algorithm>

#include "control/monitors/json/fields.h"
#include "control/monitors/settings/stored_resources.h"

namespace tidegate::control {

std::string OwnedByHost(std::string_view id) { return fmt::format("host/{}", id); }

std::string OwnedByService(std::string_view service) { return fmt::format("service/{}", service); }

std::string OwnedByRole(std::string_view service, std::string_view role) {
  return fmt::format("role/{}/{}", service, role);
}

std::string OwnedPrefix(std::string_view collection, const std::string& tenant,
                        const std::string& owner) {
  return fmt::format("{}/{}/{}/", collection, tenant, owner);
}

absl::Status ForgetOwned(storage::Documents* documents, const std::string& tenant,
                         const std::string& owner, std::vector<storage::DocumentWrite>* writes) {
  for (const std::string_view collection : {kMetadata, kCheckStates}) {
    const auto found = documents->List(OwnedPrefix(collection, tenant, owner), "", 0);
    if (!found.ok()) return found.status();
    for (const storage::Document& document : *found) {
      writes->push_back({document.key, std::nullopt, std::nullopt});
    }
  }
  return absl::OkStatus();
}

absl::Status ForgetOtherChecks(storage::Documents* documents, const std::string& tenant,
                               const std::string& host, const std::vector<std::string>& names) {
  const auto found = documents->List(OwnedPrefix(kCheckStates, tenant, OwnedByHost(host)), "", 0);
  if (!found.ok()) return found.status();
  std::vector<storage::DocumentWrite> writes;
  for (const storage::Document& document : *found) {
    const auto state = StoredObject(document);
    if (!state.ok()) return state.status();
    const bool named = std::find(names.begin(), names.end(), TextOf(*state, "name")) != names.end();
    if (named || !TextOf(*state, "alert").empty()) continue;
    writes.push_back({document.key, std::nullopt, document.version});
  }
  if (writes.empty()) return absl::OkStatus();
  const absl::Status status = documents->Commit(writes);
  // Somebody has reported meanwhile: then it is not gone.
  return absl::IsAborted(status) ? absl::OkStatus() : status;
}

}  // namespace tidegate::control
