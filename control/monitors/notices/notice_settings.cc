#include "control/monitors/notices/notice_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "control/monitors/json/fields.h"
#include "control/monitors/notices/group_references.h"
#include "control/monitors/settings/stored_resources.h"

namespace tidegate::control {
namespace {

namespace json = boost::json;

template <typename Visit>
absl::Status ForEachObject(storage::Documents* documents, std::string_view collection,
                           const std::string& tenant, const Visit& visit) {
  const auto found = documents->List(fmt::format("{}/{}/", collection, tenant), "", 0);
  if (!found.ok()) return found.status();
  for (const storage::Document& document : *found) {
    const auto object = StoredObject(document);
    if (!object.ok()) return object.status();
    visit(*object);
  }
  return absl::OkStatus();
}

std::vector<json::object> ObjectsIn(const json::object& object, std::string_view member) {
  std::vector<json::object> objects;
  const json::value* const value = object.if_contains({member.data(), member.size()});
  if (value == nullptr || !value->is_array()) return objects;
  for (const json::value& element : value->get_array()) {
    if (element.is_object()) objects.push_back(element.get_object());
  }
  return objects;
}

NoticeChannel ChannelOf(const json::object& object) {
  NoticeChannel channel;
  channel.id = TextOf(object, "id");
  channel.type = TextOf(object, "type");
  channel.url = TextOf(object, "url");
  channel.emails = TextsOf(object, "emails");
  const std::vector<std::string> events = TextsOf(object, "events");
  channel.wants_alerts = std::find(events.begin(), events.end(), "alert") != events.end();
  const json::value* const mentions = object.if_contains("mentions");
  if (mentions != nullptr && mentions->is_object()) {
    for (const char* level : {"ok", "warning", "critical"}) {
      channel.mentions[level] = TextOf(mentions->get_object(), level);
    }
  }
  return channel;
}

NoticeGroup GroupOf(const json::object& object) {
  NoticeGroup group;
  group.id = TextOf(object, "id");
  group.is_default = BoolOf(object, "isDefault");
  group.critical_only = TextOf(object, "notificationLevel") == "critical";
  group.groups = TextsOf(object, "childNotificationGroupIds");
  group.channels = TextsOf(object, "childChannelIds");
  for (const json::object& monitor : ObjectsIn(object, "monitors")) {
    group.monitors[TextOf(monitor, "id")] = BoolOf(monitor, "skipDefault");
  }
  for (const json::object& service : ObjectsIn(object, "services")) {
    group.services.insert(TextOf(service, "name"));
  }
  return group;
}

// Collects the channels of groups, each group once.
class Walk {
 public:
  Walk(const NoticeSettings& settings, const NoticeOccasion& occasion)
      : settings_(settings), occasion_(occasion) {}

  void Tell(const std::string& id) {
    const auto group = settings_.groups.find(id);
    if (group == settings_.groups.end() || !told_.insert(id).second) return;
    const bool critical =
        occasion_.level == AlertLevel::kCritical ||
        (occasion_.level == AlertLevel::kOk && occasion_.worst == AlertLevel::kCritical);
    if (group->second.critical_only && !critical) return;
    channels.insert(group->second.channels.begin(), group->second.channels.end());
    for (const std::string& below : group->second.groups) Tell(below);
  }

  std::set<std::string> channels;

 private:
  const NoticeSettings& settings_;
  const NoticeOccasion& occasion_;
  std::set<std::string> told_;
};

}  // namespace

absl::StatusOr<NoticeSettings> LoadNoticeSettings(storage::Documents* documents,
                                                  const std::string& tenant) {
  NoticeSettings settings;
  absl::Status status =
      ForEachObject(documents, "channels", tenant, [&](const json::object& object) {
        NoticeChannel channel = ChannelOf(object);
        settings.channels[channel.id] = std::move(channel);
      });
  status.Update(ForEachObject(documents, kGroupCollection, tenant, [&](const json::object& object) {
    NoticeGroup group = GroupOf(object);
    settings.groups[group.id] = std::move(group);
  }));
  if (!status.ok()) return status;
  return settings;
}

std::vector<const NoticeChannel*> ChannelsFor(const NoticeSettings& settings,
                                              const NoticeOccasion& occasion) {
  Walk walk(settings, occasion);
  bool skip_default = false;
  for (const auto& [id, group] : settings.groups) {
    const auto monitor = group.monitors.find(occasion.monitor);
    const bool named = monitor != group.monitors.end();
    if (named && !group.is_default) skip_default = skip_default || monitor->second;
    const bool by_service =
        std::any_of(occasion.services.begin(), occasion.services.end(),
                    [&](const std::string& name) { return group.services.contains(name); });
    if (!group.is_default && (named || by_service)) walk.Tell(id);
  }
  for (const auto& [id, group] : settings.groups) {
    if (group.is_default && !skip_default) walk.Tell(id);
  }
  std::vector<const NoticeChannel*> channels;
  for (const std::string& id : walk.channels) {
    const auto channel = settings.channels.find(id);
    if (channel != settings.channels.end() && channel->second.wants_alerts) {
      channels.push_back(&channel->second);
    }
  }
  return channels;
}

}  // namespace tidegate::control
