#include <algorithm>
#include <string>

#include "control/monitors/json/fields.h"
#include "control/monitors/notices/group_references.h"
#include "control/monitors/notices/notice_resources.h"
#include "model/config/email_config.h"

namespace tidegate::control {
namespace {

namespace json = boost::json;

constexpr size_t kMaxName = 255;
constexpr size_t kMaxUrl = 2048;
constexpr size_t kMaxEmails = 100;

void ReadEvents(Fields* fields, json::object* channel) {
  const std::vector<std::string> events =
      fields->Texts("events").value_or(std::vector<std::string>{"alert"});
  for (const std::string& event : events) {
    bool known = false;
    for (const char* name :
         {"alert", "alertGroup", "hostStatus", "hostRegister", "hostRetire", "monitor"}) {
      known = known || event == name;
    }
    if (!known) {
      fields->Fail("events",
                   "has something else than alert, alertGroup, hostStatus, hostRegister, "
                   "hostRetire, monitor");
    }
  }
  (*channel)["events"] = json::array(events.begin(), events.end());
}

void ReadUrl(Fields* fields, json::object* channel) {
  const std::string url = fields->RequiredText("url", kMaxUrl);
  const auto blank = [](unsigned char c) { return c <= 0x20 || c == 0x7f; };
  const size_t host = url.find("://");
  const bool http = url.starts_with("http://") || url.starts_with("https://");
  if (!http || host + 3 >= url.size() || url[host + 3] == '/' ||
      std::any_of(url.begin(), url.end(), blank)) {
    fields->Fail("url", "is not a URL that begins with http:// or https://");
  }
  (*channel)["url"] = url;
}

void ReadGraphImage(Fields* fields, json::object* channel) {
  (*channel)["enabledGraphImage"] = fields->Bool("enabledGraphImage").value_or(false);
}

void ReadEmails(Fields* fields, json::object* channel) {
  const auto emails = fields->Texts("emails").value_or(std::vector<std::string>());
  if (emails.size() > kMaxEmails) fields->Fail("emails", "has too many");
  for (const std::string& email : emails) {
    if (email.size() > kMaxName || model::MailAddress(email) != email) {
      fields->Fail("emails", "has something that is not an address");
    }
  }
  const auto users = fields->Texts("userIds").value_or(std::vector<std::string>());
  if (!users.empty()) fields->Fail("userIds", "names somebody who is not known here");
  (*channel)["emails"] = json::array(emails.begin(), emails.end());
  (*channel)["userIds"] = json::array();
}

void ReadMentions(Fields* fields, json::object* channel) {
  const json::value* const value = fields->Value("mentions");
  if (value == nullptr) return;
  if (!value->is_object()) return fields->Fail("mentions", "is not an object");
  Fields mentions(value->get_object(), "mentions.");
  json::object kept;
  for (const char* name : {"ok", "warning", "critical"}) {
    const auto text = mentions.BoundedText(name, kMaxUrl);
    if (text.has_value()) kept[name] = *text;
  }
  fields->Update(mentions.status());
  (*channel)["mentions"] = std::move(kept);
}

}  // namespace

absl::StatusOr<json::object> ChannelResources::Read(const std::string&, const json::object& body,
                                                    const json::object* previous) {
  Fields fields(body);
  json::object channel{{"id", ""}};
  const auto type = fields.OneOf("type", {"email", "slack", "webhook"});
  if (!type.has_value()) fields.Fail("type", "is missing");
  if (previous != nullptr && type != TextOf(*previous, "type")) {
    fields.Fail("type", "cannot be changed");
  }
  if (!fields.ok()) return fields.status();
  channel["type"] = *type;
  channel["name"] = fields.RequiredText("name", kMaxName);
  channel["suspendedAt"] = nullptr;
  if (type == "email") ReadEmails(&fields, &channel);
  if (type != "email") ReadUrl(&fields, &channel);
  if (type == "slack") ReadMentions(&fields, &channel);
  if (type != "email") ReadGraphImage(&fields, &channel);
  ReadEvents(&fields, &channel);
  fields.Bool("addToDefaultNotificationGroup");
  if (!fields.ok()) return fields.status();
  return channel;
}

absl::Status ChannelResources::OnCreate(const std::string& tenant, const json::object& body,
                                        const std::string& id,
                                        std::vector<storage::DocumentWrite>* writes) {
  Fields fields(body);
  if (!fields.Bool("addToDefaultNotificationGroup").value_or(true)) return absl::OkStatus();
  return AddToDefaultGroup(&documents(), tenant, id, writes);
}

absl::Status ChannelResources::OnDelete(const std::string& tenant, const json::object& object,
                                        std::vector<storage::DocumentWrite>* writes) {
  return ForgetInGroups(&documents(), tenant, "childChannelIds", TextOf(object, "id"), writes);
}

absl::Status ChannelResources::EnsureBorn(const std::string& tenant) {
  return EnsureDefaultGroup(&documents(), clock(), tenant);
}

}  // namespace tidegate::control
