#include "control/monitors/notices/group_references.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "control/monitors/json/fields.h"
#include "control/monitors/json/json_text.h"
#include "control/monitors/settings/stored_resources.h"

namespace tidegate::control {
namespace {

namespace json = boost::json;

// Elements are ids, or objects with one.
std::string IdIn(const json::value& element) {
  if (element.is_string()) return StdString(element.get_string());
  return element.is_object() ? TextOf(element.get_object(), "id") : "";
}

bool Erase(const std::string& id, json::value* member) {
  if (member == nullptr || !member->is_array()) return false;
  json::array kept;
  for (const json::value& element : member->get_array()) {
    if (IdIn(element) != id) kept.push_back(element);
  }
  const bool changed = kept.size() != member->get_array().size();
  *member = std::move(kept);
  return changed;
}

}  // namespace

absl::Status ForgetInGroups(storage::Documents* documents, const std::string& tenant,
                            std::string_view member, const std::string& id,
                            std::vector<storage::DocumentWrite>* writes) {
  const auto groups = documents->List(fmt::format("{}/{}/", kGroupCollection, tenant), "", 0);
  if (!groups.ok()) return groups.status();
  for (const storage::Document& document : *groups) {
    absl::StatusOr<json::object> group = StoredObject(document);
    if (!group.ok()) return group.status();
    if (Erase(id, group->if_contains({member.data(), member.size()}))) {
      writes->push_back({document.key, JsonText(*group), document.version});
    }
  }
  return absl::OkStatus();
}

absl::Status AddToDefaultGroup(storage::Documents* documents, const std::string& tenant,
                               const std::string& channel,
                               std::vector<storage::DocumentWrite>* writes) {
  const auto groups = documents->List(fmt::format("{}/{}/", kGroupCollection, tenant), "", 0);
  if (!groups.ok()) return groups.status();
  for (const storage::Document& document : *groups) {
    absl::StatusOr<json::object> group = StoredObject(document);
    if (!group.ok()) return group.status();
    if (!BoolOf(*group, "isDefault")) continue;
    json::array channels;
    for (const std::string& other : TextsOf(*group, "childChannelIds")) {
      channels.emplace_back(other);
    }
    channels.emplace_back(channel);
    (*group)["childChannelIds"] = std::move(channels);
    writes->push_back({document.key, JsonText(*group), document.version});
  }
  return absl::OkStatus();
}

}  // namespace tidegate::control
