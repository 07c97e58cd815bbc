#include "control/monitors/alerts/monitor_alert.h"

#include <fmt/format.h>

#include <utility>

#include "control/monitors/json/fields.h"
#include "control/monitors/json/json_text.h"
#include "control/monitors/json/short_id.h"
#include "control/monitors/settings/stored_resources.h"

namespace tidegate::control {
namespace {

namespace json = boost::json;

json::object Labels(const std::map<std::string, std::string>& labels) {
  json::object object;
  for (const auto& [name, value] : labels) object[name] = value;
  return object;
}

AlertSeries ReadSeries(const json::object& object) {
  AlertSeries series;
  series.name = TextOf(object, "name");
  const json::value* const labels = object.if_contains("labels");
  if (labels == nullptr || !labels->is_object()) return series;
  for (const auto& [name, value] : labels->get_object()) {
    if (value.is_string()) series.labels[std::string(name)] = StdString(value.get_string());
  }
  return series;
}

json::array EncodeLog(const std::vector<AlertLogEntry>& log) {
  json::array encoded;
  for (const AlertLogEntry& entry : log) {
    json::object one{{"n", entry.number},
                     {"at", absl::ToUnixMillis(entry.at)},
                     {"status", AlertLevelName(entry.level)},
                     {"trigger", entry.trigger}};
    if (entry.value.has_value()) one["value"] = *entry.value;
    if (!entry.message.empty()) one["message"] = entry.message;
    encoded.push_back(std::move(one));
  }
  return encoded;
}

std::vector<AlertLogEntry> DecodeLog(const json::object& object) {
  std::vector<AlertLogEntry> log;
  const json::value* const list = object.if_contains("log");
  if (list == nullptr || !list->is_array()) return log;
  for (const json::value& value : list->get_array()) {
    if (!value.is_object()) continue;
    const json::object& one = value.get_object();
    AlertLogEntry& entry = log.emplace_back();
    entry.number = IntegerOf(one, "n");
    entry.at = absl::FromUnixMillis(IntegerOf(one, "at"));
    entry.level = AlertLevelOf(TextOf(one, "status"));
    entry.trigger = TextOf(one, "trigger");
    if (one.contains("value")) entry.value = NumberOf(one, "value");
    entry.message = TextOf(one, "message");
  }
  return log;
}

int64_t Millis(absl::Time time) { return absl::ToUnixMillis(time); }

}  // namespace

json::object ShowAlert(const MonitorAlert& alert) {
  json::object shown{{"id", alert.id},
                     {"status", AlertLevelName(alert.level)},
                     {"monitorId", alert.monitor},
                     {"type", MonitorKindName(alert.kind)}};
  if (!alert.host.empty()) shown["hostId"] = alert.host;
  if (alert.series.has_value()) {
    shown["series"] =
        json::object{{"name", alert.series->name}, {"labels", Labels(alert.series->labels)}};
  }
  if (alert.value.has_value()) shown["value"] = *alert.value;
  if (!alert.message.empty()) shown["message"] = alert.message;
  if (!alert.memo.empty()) shown["memo"] = alert.memo;
  if (!alert.is_open()) shown["reason"] = alert.reason;
  shown["openedAt"] = absl::ToUnixSeconds(alert.opened_at);
  if (!alert.is_open()) shown["closedAt"] = absl::ToUnixSeconds(alert.closed_at);
  return shown;
}

std::string LogEntryId(const MonitorAlert& alert, const AlertLogEntry& entry) {
  return fmt::format("{}-{}", alert.id, entry.number);
}

json::object ShowLogEntry(const MonitorAlert& alert, const AlertLogEntry& entry) {
  json::object shown{{"id", LogEntryId(alert, entry)},
                     {"createdAt", absl::ToUnixSeconds(entry.at)},
                     {"status", AlertLevelName(entry.level)},
                     {"trigger", entry.trigger},
                     {"monitorId", alert.monitor},
                     {"targetValue", nullptr},
                     {"statusDetail", nullptr}};
  if (entry.value.has_value()) shown["targetValue"] = *entry.value;
  if (alert.kind == MonitorKind::kCheck) {
    shown["statusDetail"] = json::object{
        {"type", "check"}, {"detail", json::object{{"message", entry.message}, {"memo", ""}}}};
  }
  return shown;
}

std::string OpenAlertKey(const std::string& tenant, const std::string& id) {
  return fmt::format("open_alerts/{}/{}", tenant, DescendingKey(id));
}

std::string ClosedAlertKey(const std::string& tenant, const std::string& id) {
  return fmt::format("closed_alerts/{}/{}", tenant, DescendingKey(id));
}

std::string EncodeAlert(const MonitorAlert& alert) {
  json::object stored = ShowAlert(alert);
  stored["target"] = alert.target;
  stored["worst"] = AlertLevelName(alert.worst);
  stored["openedMs"] = Millis(alert.opened_at);
  stored["changedMs"] = Millis(alert.changed_at);
  if (!alert.is_open()) stored["closedMs"] = Millis(alert.closed_at);
  if (alert.notified_at != absl::InfinitePast()) stored["notifiedMs"] = Millis(alert.notified_at);
  stored["log"] = EncodeLog(alert.log);
  return JsonText(stored);
}

absl::StatusOr<MonitorAlert> DecodeAlert(const storage::Document& document) {
  const auto object = StoredObject(document);
  if (!object.ok()) return object.status();
  MonitorAlert alert;
  alert.id = TextOf(*object, "id");
  alert.monitor = TextOf(*object, "monitorId");
  alert.kind = MonitorKindOf(TextOf(*object, "type"));
  alert.target = TextOf(*object, "target");
  alert.host = TextOf(*object, "hostId");
  const json::value* const series = object->if_contains("series");
  if (series != nullptr && series->is_object()) alert.series = ReadSeries(series->get_object());
  alert.level = AlertLevelOf(TextOf(*object, "status"));
  alert.worst = AlertLevelOf(TextOf(*object, "worst"));
  if (object->contains("value")) alert.value = NumberOf(*object, "value");
  alert.message = TextOf(*object, "message");
  alert.reason = TextOf(*object, "reason");
  alert.memo = TextOf(*object, "memo");
  alert.opened_at = absl::FromUnixMillis(IntegerOf(*object, "openedMs"));
  alert.changed_at = absl::FromUnixMillis(IntegerOf(*object, "changedMs"));
  if (object->contains("closedMs")) {
    alert.closed_at = absl::FromUnixMillis(IntegerOf(*object, "closedMs"));
  }
  if (object->contains("notifiedMs")) {
    alert.notified_at = absl::FromUnixMillis(IntegerOf(*object, "notifiedMs"));
  }
  alert.log = DecodeLog(*object);
  return alert;
}

}  // namespace tidegate::control
