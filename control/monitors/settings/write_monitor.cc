#include <string>
#include <utility>

#include "control/monitors/settings/monitor_json.h"

namespace tidegate::control {
namespace {

namespace json = boost::json;

json::array Array(const std::vector<std::string>& texts) {
  return json::array(texts.begin(), texts.end());
}

template <typename T>
void Add(const char* name, const std::optional<T>& value, json::object* out) {
  if (value.has_value()) (*out)[name] = *value;
}

void AddThresholds(const Thresholds& thresholds, json::object* out) {
  (*out)["operator"] = thresholds.above ? ">" : "<";
  // null says that there is no such bound, as clients write it.
  const auto bound = [](const std::optional<double>& value) {
    return value.has_value() ? json::value(*value) : json::value(nullptr);
  };
  (*out)["warning"] = bound(thresholds.warning);
  (*out)["critical"] = bound(thresholds.critical);
}

void AddScopes(const std::vector<std::string>& scopes, const std::vector<std::string>& excluded,
               json::object* out) {
  (*out)["scopes"] = Array(scopes);
  (*out)["excludeScopes"] = Array(excluded);
}

void AddAttempts(const Monitor& monitor, json::object* out) {
  (*out)["maxCheckAttempts"] = monitor.max_check_attempts;
}

void Write(const Monitor& monitor, const HostCheck& check, json::object* out) {
  (*out)["duration"] = check.duration;
  (*out)["metric"] = check.metric;
  AddThresholds(check.thresholds, out);
  AddAttempts(monitor, out);
  Add("notificationInterval", monitor.notification_interval, out);
  AddScopes(check.scopes, check.exclude_scopes, out);
}

void Write(const Monitor& monitor, const ConnectivityCheck& check, json::object* out) {
  (*out)["alertStatusOnGone"] = AlertLevelName(check.on_gone);
  AddScopes(check.scopes, check.exclude_scopes, out);
  Add("notificationInterval", monitor.notification_interval, out);
}

void Write(const Monitor& monitor, const ServiceCheck& check, json::object* out) {
  (*out)["service"] = check.service;
  (*out)["duration"] = check.duration;
  (*out)["metric"] = check.metric;
  AddThresholds(check.thresholds, out);
  AddAttempts(monitor, out);
  Add("missingDurationWarning", check.missing_warning, out);
  Add("missingDurationCritical", check.missing_critical, out);
  Add("notificationInterval", monitor.notification_interval, out);
}

void Write(const Monitor& monitor, const ExternalCheck& check, json::object* out) {
  (*out)["method"] = check.method;
  (*out)["url"] = check.url;
  if (!check.service.empty()) (*out)["service"] = check.service;
  Add("notificationInterval", monitor.notification_interval, out);
  Add("responseTimeWarning", check.response_time_warning, out);
  Add("responseTimeCritical", check.response_time_critical, out);
  Add("responseTimeDuration", check.response_time_duration, out);
  Add("containsString", check.contains, out);
  AddAttempts(monitor, out);
  Add("certificationExpirationWarning", check.certificate_warning, out);
  Add("certificationExpirationCritical", check.certificate_critical, out);
  Add("skipCertificateVerification", check.skip_certificate_verification, out);
  json::array headers;
  for (const HeaderField& header : check.headers) {
    headers.push_back(json::object{{"name", header.name}, {"value", header.value}});
  }
  (*out)["headers"] = std::move(headers);
  Add("requestBody", check.body, out);
  Add("followRedirect", check.follow_redirect, out);
}

void Write(const Monitor& monitor, const ExpressionCheck& check, json::object* out) {
  (*out)["expression"] = check.expression;
  AddThresholds(check.thresholds, out);
  Add("notificationInterval", monitor.notification_interval, out);
}

void Write(const Monitor& monitor, const AnomalyCheck& check, json::object* out) {
  (*out)["scopes"] = Array(check.scopes);
  if (check.warning.has_value()) (*out)["warningSensitivity"] = SensitivityName(*check.warning);
  if (check.critical.has_value()) (*out)["criticalSensitivity"] = SensitivityName(*check.critical);
  AddAttempts(monitor, out);
  Add("trainingPeriodFrom", check.training_from, out);
  Add("notificationInterval", monitor.notification_interval, out);
}

void Write(const Monitor& monitor, const QueryCheck& check, json::object* out) {
  (*out)["query"] = check.query;
  (*out)["legend"] = check.legend;
  AddThresholds(check.thresholds, out);
  Add("notificationInterval", monitor.notification_interval, out);
}

// It is never written: its reports are.
void Write(const Monitor&, const ReportedCheck&, json::object*) {}

}  // namespace

json::object WriteMonitor(const Monitor& monitor) {
  json::object out;
  out["id"] = monitor.id;
  out["type"] = MonitorKindName(monitor.kind());
  out["name"] = monitor.name;
  Add("memo", monitor.memo, &out);
  std::visit([&](const auto& check) { Write(monitor, check, &out); }, monitor.check);
  Add("isMute", monitor.is_mute, &out);
  return out;
}

}  // namespace tidegate::control
