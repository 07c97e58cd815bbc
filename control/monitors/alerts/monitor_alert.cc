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
  return JsonText(stored);
}

absl::StatusOr<MonitorAlert> DecodeAlert(const storage::Document& document) {
  const auto object = StoredObject(document);
  if (!object.ok()) return object.status();
  MonitorAlert alert;
  alert.id = TextOf(*object, "id");
  alert.monitor = TextOf(*object, "monitorId");
  const std::string type = TextOf(*object, "type");
  for (int i = 0; i < kMonitorKinds; ++i) {
    if (type == MonitorKindName(static_cast<MonitorKind>(i)))
      alert.kind = static_cast<MonitorKind>(i);
  }
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
  return alert;
}

}  // namespace tidegate::control
