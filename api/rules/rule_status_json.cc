#include "api/rules/rule_status_json.h"

#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <string>
#include <string_view>

#include "api/prometheus/result_json.h"

namespace tidegate::api {
namespace {

std::string TimeText(absl::Time time) {
  if (time == absl::InfinitePast()) return "0001-01-01T00:00:00Z";  // Go's zero time.
  return absl::FormatTime("%Y-%m-%d%ET%H:%M:%E*SZ", time, absl::UTCTimeZone());
}

// Go's %e with the shortest digits: "1e+00".
std::string ScientificText(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  std::array<char, 40> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                 std::chars_format::scientific);
  return std::string(buffer.data(), end.ptr);
}

std::string_view StateName(control::AlertState state) {
  switch (state) {
    case control::AlertState::kFiring:
      return "firing";
    case control::AlertState::kPending:
      return "pending";
    case control::AlertState::kInactive:
      break;
  }
  return "inactive";
}

std::string_view HealthName(control::RuleHealth health) {
  switch (health) {
    case control::RuleHealth::kGood:
      return "ok";
    case control::RuleHealth::kBad:
      return "err";
    case control::RuleHealth::kUnknown:
      break;
  }
  return "unknown";
}

void Member(std::string_view key, std::string_view value, JsonWriter& json) {
  json.Key(key);
  json.String(value);
}

void Seconds(std::string_view key, absl::Duration value, JsonWriter& json) {
  json.Key(key);
  json.Double(absl::ToDoubleSeconds(value));
}

void Texts(std::string_view key, const std::map<std::string, std::string>& texts,
           JsonWriter& json) {
  json.Key(key);
  json.BeginObject();
  for (const auto& [name, value] : texts) Member(name, value, json);
  json.EndObject();
}

void WriteAlertingPart(const control::RuleStatus& rule, bool with_alerts, JsonWriter& json) {
  Seconds("duration", rule.hold, json);
  Seconds("keepFiringFor", rule.keep_firing, json);
  Texts("labels", rule.labels, json);
  Texts("annotations", rule.annotations, json);
  json.Key("alerts");
  if (!with_alerts) return json.Raw("null");
  json.BeginArray();
  for (const control::AlertStatus& alert : rule.alerts) WriteAlert(alert, json);
  json.EndArray();
}

void WriteRule(const control::RuleStatus& rule, bool with_alerts, JsonWriter& json) {
  json.BeginObject();
  if (rule.alerting) Member("state", StateName(rule.state()), json);
  Member("name", rule.name, json);
  Member("query", rule.query, json);
  if (rule.alerting) {
    WriteAlertingPart(rule, with_alerts, json);
  } else if (!rule.labels.empty()) {
    Texts("labels", rule.labels, json);
  }
  Member("health", HealthName(rule.health), json);
  if (!rule.last_error.empty()) Member("lastError", rule.last_error, json);
  Seconds("evaluationTime", rule.evaluation_time, json);
  Member("lastEvaluation", TimeText(rule.last_evaluation), json);
  Member("type", rule.alerting ? "alerting" : "recording", json);
  json.EndObject();
}

}  // namespace

void WriteAlert(const control::AlertStatus& alert, JsonWriter& json) {
  json.BeginObject();
  json.Key("labels");
  WriteLabels(alert.labels.view(), json);
  Texts("annotations", alert.annotations, json);
  Member("state", StateName(alert.state), json);
  Member("activeAt", TimeText(alert.active_at), json);
  if (alert.keep_firing_since != absl::InfinitePast()) {
    Member("keepFiringSince", TimeText(alert.keep_firing_since), json);
  }
  Member("value", ScientificText(alert.value), json);
  json.EndObject();
}

void WriteRuleGroup(const control::RuleGroupStatus& group,
                    const std::vector<const control::RuleStatus*>& rules, bool with_alerts,
                    JsonWriter& json) {
  json.BeginObject();
  Member("name", group.name, json);
  Member("file", group.file, json);
  json.Key("rules");
  json.BeginArray();
  for (const control::RuleStatus* rule : rules) WriteRule(*rule, with_alerts, json);
  json.EndArray();
  Seconds("interval", group.interval, json);
  json.Key("limit");
  json.Unsigned(group.limit);
  Seconds("evaluationTime", group.evaluation_time, json);
  Member("lastEvaluation", TimeText(group.last_evaluation), json);
  json.EndObject();
}

}  // namespace tidegate::api
