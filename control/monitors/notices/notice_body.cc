#include "control/monitors/notices/notice_body.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <utility>

#include "control/monitors/json/json_text.h"

namespace tidegate::control {
namespace {

namespace json = boost::json;

std::string_view LevelWord(AlertLevel level) {
  switch (level) {
    case AlertLevel::kCritical:
      return "critical";
    case AlertLevel::kWarning:
      return "warning";
    case AlertLevel::kUnknown:
      return "unknown";
    case AlertLevel::kOk:
      break;
  }
  return "ok";
}

// What a monitor compares, and with what.
struct Comparison {
  std::string metric;
  const Thresholds* thresholds = nullptr;
  int64_t duration = 0;  // 0: it has none.
};

Comparison ComparisonOf(const Monitor& monitor) {
  if (const auto* host = std::get_if<HostCheck>(&monitor.check)) {
    return {host->metric, &host->thresholds, host->duration};
  }
  if (const auto* service = std::get_if<ServiceCheck>(&monitor.check)) {
    return {service->metric, &service->thresholds, service->duration};
  }
  if (const auto* expression = std::get_if<ExpressionCheck>(&monitor.check)) {
    return {expression->expression, &expression->thresholds, 0};
  }
  if (const auto* query = std::get_if<QueryCheck>(&monitor.check)) {
    return {query->query, &query->thresholds, 0};
  }
  return {};
}

json::array RolesJson(const Notice& notice) {
  json::array roles;
  for (const Scope& role : notice.host->roles) {
    const std::string service_url =
        fmt::format("{}/api/v0/services/{}", notice.external_url, role.service);
    roles.push_back(json::object{{"fullname", fmt::format("{}: {}", role.service, role.role)},
                                 {"serviceName", role.service},
                                 {"serviceUrl", service_url},
                                 {"roleName", role.role},
                                 {"roleUrl", service_url + "/roles"}});
  }
  return roles;
}

json::object HostJson(const Notice& notice) {
  const HostRecord& host = *notice.host;
  return {{"id", host.id},
          {"name", host.name},
          {"url", fmt::format("{}/api/v0/hosts/{}", notice.external_url, host.id)},
          {"type", host.type},
          {"status", host.status},
          {"memo", host.memo},
          {"isRetired", host.retired},
          {"roles", RolesJson(notice)}};
}

json::object AlertJson(const Notice& notice) {
  const MonitorAlert& alert = *notice.alert;
  json::object out{{"openedAt", absl::ToUnixSeconds(alert.opened_at)}};
  if (!alert.is_open()) out["closedAt"] = absl::ToUnixSeconds(alert.closed_at);
  out["createdAt"] = absl::ToUnixMillis(alert.opened_at);
  out["statusChangedAt"] = absl::ToUnixSeconds(alert.changed_at);
  out["isOpen"] = alert.is_open();
  out["status"] = LevelWord(alert.level);
  out["trigger"] = notice.trigger;
  out["id"] = alert.id;
  out["url"] = fmt::format("{}/api/v0/alerts/{}", notice.external_url, alert.id);
  if (notice.monitor == nullptr) return out;
  out["monitorName"] = notice.monitor->name;
  const Comparison comparison = ComparisonOf(*notice.monitor);
  if (comparison.thresholds == nullptr) return out;
  out["metricLabel"] = comparison.metric;
  if (alert.value.has_value()) out["metricValue"] = *alert.value;
  const Thresholds& thresholds = *comparison.thresholds;
  out["monitorOperator"] = thresholds.above ? ">" : "<";
  if (thresholds.critical.has_value()) out["criticalThreshold"] = *thresholds.critical;
  if (thresholds.warning.has_value()) out["warningThreshold"] = *thresholds.warning;
  if (comparison.duration != 0) out["duration"] = comparison.duration;
  return out;
}

std::string WebhookBody(const Notice& notice) {
  const MonitorAlert& alert = *notice.alert;
  json::object out{{"orgName", notice.tenant}, {"event", "alert"}, {"imageUrl", nullptr}};
  out["memo"] = notice.monitor == nullptr ? "" : notice.monitor->memo.value_or("");
  out["type"] = MonitorKindName(alert.kind);
  out["message"] = NoticeMessage(notice);
  if (notice.host != nullptr) out["host"] = HostJson(notice);
  if (!notice.service.empty()) {
    out["service"] = json::object{{"id", notice.service},
                                  {"memo", ""},
                                  {"name", notice.service},
                                  {"orgId", notice.tenant},
                                  {"roles", json::array()}};
  }
  if (alert.series.has_value()) {
    json::object labels;
    for (const auto& [name, value] : alert.series->labels) labels[name] = value;
    out["metric"] = json::object{{"name", alert.series->name}, {"labels", std::move(labels)}};
  }
  out["alert"] = AlertJson(notice);
  return JsonText(out);
}

std::string NameOf(const Notice& notice) {
  return notice.monitor == nullptr ? notice.alert->monitor : notice.monitor->name;
}

std::string AlertUrl(const Notice& notice) {
  return fmt::format("{}/api/v0/alerts/{}", notice.external_url, notice.alert->id);
}

// Slack's own for good, warning and danger; grey when nobody knows.
std::string_view ColourOf(AlertLevel level) {
  switch (level) {
    case AlertLevel::kCritical:
      return "danger";
    case AlertLevel::kWarning:
      return "warning";
    case AlertLevel::kUnknown:
      return "#999999";
    case AlertLevel::kOk:
      break;
  }
  return "good";
}

// What is said about an alert beside its message, in order.
std::vector<std::pair<std::string, std::string>> Facts(const Notice& notice) {
  std::vector<std::pair<std::string, std::string>> facts;
  if (notice.host != nullptr) {
    facts.emplace_back("Host", notice.host->name);
    std::string roles;
    for (const Scope& role : notice.host->roles) {
      if (!roles.empty()) roles += ", ";
      roles += fmt::format("{}: {}", role.service, role.role);
    }
    if (!roles.empty()) facts.emplace_back("Roles", roles);
  }
  if (!notice.service.empty()) facts.emplace_back("Service", notice.service);
  const MonitorAlert& alert = *notice.alert;
  const auto time = [](absl::Time at) {
    return absl::FormatTime("%Y-%m-%d %H:%M:%S UTC", at, absl::UTCTimeZone());
  };
  facts.emplace_back("Opened", time(alert.opened_at));
  if (!alert.is_open()) facts.emplace_back("Closed", time(alert.closed_at));
  if (!alert.reason.empty()) facts.emplace_back("Reason", alert.reason);
  if (notice.monitor != nullptr && !notice.monitor->memo.value_or("").empty()) {
    facts.emplace_back("Memo", *notice.monitor->memo);
  }
  return facts;
}

// Slack reads &, < and > as its own.
std::string SlackText(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else {
      out += c;
    }
  }
  return out;
}

std::string SlackBody(const NoticeChannel& channel, const Notice& notice) {
  const MonitorAlert& alert = *notice.alert;
  const std::string title =
      SlackText(fmt::format("[{}] {}", AlertLevelName(alert.level), NameOf(notice)));
  const std::string message = SlackText(NoticeMessage(notice));
  std::string text = fmt::format("{}: {}", title, message);
  if (notice.host != nullptr) text += fmt::format(" ({})", SlackText(notice.host->name));
  // A mention is the user's own markup.
  const auto mention = channel.mentions.find(std::string(LevelWord(alert.level)));
  const bool mentioned = mention != channel.mentions.end() && !mention->second.empty();
  json::array fields;
  for (const auto& [name, value] : Facts(notice)) {
    fields.push_back(
        json::object{{"title", name}, {"value", SlackText(value)}, {"short", value.size() < 40}});
  }
  json::object attachment{{"fallback", text},
                          {"color", ColourOf(alert.level)},
                          {"title", title},
                          {"text", message},
                          {"fields", std::move(fields)},
                          {"ts", absl::ToUnixSeconds(alert.changed_at)}};
  if (!notice.external_url.empty()) attachment["title_link"] = AlertUrl(notice);
  return JsonText(
      json::object{{"text", mentioned ? fmt::format("{} {}", mention->second, text) : text},
                   {"attachments", json::array{std::move(attachment)}}});
}

std::string EmailBody(const Notice& notice) {
  std::string text = NoticeMessage(notice) + "\n\n";
  for (const auto& [name, value] : Facts(notice)) text += fmt::format("{}: {}\n", name, value);
  if (!notice.external_url.empty()) text += fmt::format("\n{}\n", AlertUrl(notice));
  return text;
}

}  // namespace

std::string NoticeMessage(const Notice& notice) {
  const MonitorAlert& alert = *notice.alert;
  if (!alert.message.empty()) return alert.message;
  if (notice.monitor == nullptr) return std::string(AlertLevelName(alert.level));
  const Comparison comparison = ComparisonOf(*notice.monitor);
  if (comparison.thresholds == nullptr || !alert.value.has_value()) return notice.monitor->name;
  const Thresholds& thresholds = *comparison.thresholds;
  const auto& bound = alert.level == AlertLevel::kCritical || !thresholds.warning.has_value()
                          ? thresholds.critical
                          : thresholds.warning;
  const std::string value = JsonText(json::value(*alert.value));
  if (!bound.has_value()) return fmt::format("{} {}", comparison.metric, value);
  return fmt::format("{} {} {} {}", comparison.metric, value,
                     thresholds.Judge(*alert.value) == AlertLevel::kOk
                         ? (thresholds.above ? "<=" : ">=")
                         : (thresholds.above ? ">" : "<"),
                     JsonText(json::value(*bound)));
}

std::string NoticeSubject(const Notice& notice) {
  std::string subject = fmt::format("[{}] {}", AlertLevelName(notice.alert->level), NameOf(notice));
  if (notice.host != nullptr) subject += fmt::format(" at {}", notice.host->name);
  return subject;
}

std::string NoticeBody(const NoticeChannel& channel, const Notice& notice) {
  if (channel.type == "slack") return SlackBody(channel, notice);
  return channel.type == "email" ? EmailBody(notice) : WebhookBody(notice);
}

}  // namespace tidegate::control
