#include <fmt/format.h>

#include <set>
#include <string>
#include <utility>

#include "control/monitors/inventory/service_documents.h"
#include "control/monitors/json/fields.h"
#include "control/monitors/json/json_text.h"
#include "control/monitors/json/short_id.h"
#include "control/monitors/notices/group_references.h"
#include "control/monitors/notices/notice_resources.h"
#include "control/monitors/settings/reported_monitors.h"

namespace tidegate::control {
namespace {

namespace json = boost::json;

constexpr size_t kMaxName = 255;
constexpr size_t kMaxMembers = 1000;

bool Exists(storage::Documents* documents, std::string_view collection, const std::string& tenant,
            const std::string& id, absl::Status* status) {
  if (!IsShortId(id)) return false;
  const auto document = documents->Get(fmt::format("{}/{}/{}", collection, tenant, id));
  if (!document.ok() && !absl::IsNotFound(document.status())) status->Update(document.status());
  return document.ok();
}

// Reads the members of one group and looks for what they name.
class GroupReader {
 public:
  GroupReader(storage::Documents* documents, const std::string& tenant, const json::object& body)
      : documents_(documents), tenant_(tenant), fields_(body) {}

  absl::StatusOr<json::object> Read(const json::object* previous) {
    json::object group{{"id", ""}};
    group["name"] = fields_.RequiredText("name", kMaxName);
    const bool is_default = previous != nullptr && BoolOf(*previous, "isDefault");
    if (is_default && group["name"] != (*previous).at("name")) {
      fields_.Fail("name", "of the default group cannot be changed");
    }
    const auto level = fields_.OneOf("notificationLevel", {"all", "critical"});
    if (!level.has_value()) fields_.Fail("notificationLevel", "is missing");
    group["notificationLevel"] = level.value_or("all");
    group["childNotificationGroupIds"] = Ids("childNotificationGroupIds", kGroupCollection);
    group["childChannelIds"] = Ids("childChannelIds", "channels");
    if (fields_.Has("monitors")) group["monitors"] = Monitors();
    if (fields_.Has("services")) group["services"] = Services();
    if (is_default) group["isDefault"] = true;
    if (!unavailable_.ok()) return unavailable_;
    if (!fields_.ok()) return fields_.status();
    return group;
  }

 private:
  json::array Ids(std::string_view member, std::string_view collection) {
    json::array ids;
    std::set<std::string> seen;
    const auto texts = fields_.Texts(member);
    if (!texts.has_value()) fields_.Fail(member, "is missing");
    for (const std::string& id : texts.value_or(std::vector<std::string>())) {
      if (ids.size() == kMaxMembers) fields_.Fail(member, "has too many");
      if (!Exists(documents_, collection, tenant_, id, &unavailable_)) {
        fields_.Fail(member, fmt::format("names \"{}\", which is not there", id));
      }
      if (seen.insert(id).second) ids.emplace_back(id);
    }
    return ids;
  }

  // The objects of an array member.
  std::vector<const json::object*> Objects(std::string_view member) {
    std::vector<const json::object*> objects;
    const json::value* const value = fields_.Value(member);
    if (!value->is_array() || value->get_array().size() > kMaxMembers) {
      fields_.Fail(member, "is not an array of objects, or has too many");
      return objects;
    }
    for (const json::value& element : value->get_array()) {
      if (element.is_object()) {
        objects.push_back(&element.get_object());
      } else {
        fields_.Fail(member, "is not an array of objects");
      }
    }
    return objects;
  }

  json::array Monitors() {
    json::array monitors;
    for (const json::object* object : Objects("monitors")) {
      Fields fields(*object, "monitors.");
      const std::string id = fields.RequiredText("id", kMaxName);
      const bool skip = fields.Bool("skipDefault").value_or(false);
      const auto known = IsMonitor(documents_, tenant_, id);
      if (!known.ok()) unavailable_.Update(known.status());
      if (fields.ok() && known.ok() && !*known) {
        fields.Fail("id", fmt::format("is \"{}\": there is no such monitor", id));
      }
      fields_.Update(fields.status());
      monitors.push_back(json::object{{"id", id}, {"skipDefault", skip}});
    }
    return monitors;
  }

  json::array Services() {
    json::array services;
    const auto catalog = LoadServices(documents_, tenant_);
    if (!catalog.ok()) {
      unavailable_.Update(catalog.status());
      return services;
    }
    for (const json::object* object : Objects("services")) {
      Fields fields(*object, "services.");
      const std::string name = fields.RequiredText("name", kMaxName);
      if (fields.ok() && !Knows(*catalog, {name, ""})) {
        fields.Fail("name", fmt::format("is \"{}\": there is no such service", name));
      }
      fields_.Update(fields.status());
      services.push_back(json::object{{"name", name}});
    }
    return services;
  }

  storage::Documents* const documents_;
  const std::string& tenant_;
  Fields fields_;
  absl::Status unavailable_;
};

// Whether a group with these children is below itself.
absl::StatusOr<bool> ContainsItself(storage::Documents* documents, const std::string& tenant,
                                    const std::string& id, const json::object& group) {
  std::vector<std::string> open = TextsOf(group, "childNotificationGroupIds");
  std::set<std::string> seen;
  while (!open.empty()) {
    const std::string next = open.back();
    open.pop_back();
    if (next == id) return true;
    if (!seen.insert(next).second) continue;
    const auto document = documents->Get(fmt::format("{}/{}/{}", kGroupCollection, tenant, next));
    if (absl::IsNotFound(document.status())) continue;
    if (!document.ok()) return document.status();
    const auto child = StoredObject(*document);
    if (!child.ok()) return child.status();
    for (std::string& below : TextsOf(*child, "childNotificationGroupIds")) {
      open.push_back(std::move(below));
    }
  }
  return false;
}

}  // namespace

absl::Status EnsureDefaultGroup(storage::Documents* documents, const model::Clock& clock,
                                const std::string& tenant) {
  const std::string born = fmt::format("notification_group_births/{}/default", tenant);
  const auto document = documents->Get(born);
  if (!absl::IsNotFound(document.status())) return document.status();
  const absl::StatusOr<std::string> id = NewShortId(clock.Now());
  if (!id.ok()) return id.status();
  const json::object group{{"id", *id},
                           {"name", "Default"},
                           {"notificationLevel", "all"},
                           {"childNotificationGroupIds", json::array()},
                           {"childChannelIds", json::array()},
                           {"monitors", json::array()},
                           {"services", json::array()},
                           {"isDefault", true}};
  const absl::Status status = documents->Commit(
      {{born, *id, 0},
       {fmt::format("{}/{}/{}", kGroupCollection, tenant, *id), JsonText(group), 0},
       {std::string(kMonitoringChanges), "", std::nullopt}});
  return absl::IsAborted(status) ? absl::OkStatus() : status;  // Somebody else was faster.
}

absl::StatusOr<json::object> GroupResources::Read(const std::string& tenant,
                                                  const json::object& body,
                                                  const json::object* previous) {
  absl::StatusOr<json::object> group = GroupReader(&documents(), tenant, body).Read(previous);
  if (!group.ok() || previous == nullptr) return group;
  const auto circle = ContainsItself(&documents(), tenant, TextOf(*previous, "id"), *group);
  if (!circle.ok()) return circle.status();
  if (*circle) {
    return absl::InvalidArgumentError("childNotificationGroupIds lead back to the group itself");
  }
  return group;
}

absl::Status GroupResources::OnDelete(const std::string& tenant, const json::object& object,
                                      std::vector<storage::DocumentWrite>* writes) {
  if (BoolOf(object, "isDefault")) {
    return absl::FailedPreconditionError("the default notification group cannot be deleted");
  }
  return ForgetInGroups(&documents(), tenant, "childNotificationGroupIds", TextOf(object, "id"),
                        writes);
}

absl::Status GroupResources::EnsureBorn(const std::string& tenant) {
  return EnsureDefaultGroup(&documents(), clock(), tenant);
}

}  // namespace tidegate::control
