#include "control/monitors/alerts/alert_changes.h"

#include <algorithm>

#include "control/monitors/notices/notice_outbox.h"

namespace tidegate::control {
namespace {

constexpr std::string_view kMonitoring = "monitoring";

std::string ServiceOf(const Monitor* monitor) {
  if (monitor == nullptr) return "";
  if (const auto* service = std::get_if<ServiceCheck>(&monitor->check)) return service->service;
  if (const auto* external = std::get_if<ExternalCheck>(&monitor->check)) return external->service;
  return "";
}

}  // namespace

bool WatchesHosts(MonitorKind kind) {
  return kind == MonitorKind::kHost || kind == MonitorKind::kConnectivity ||
         kind == MonitorKind::kAnomalyDetection || kind == MonitorKind::kCheck;
}

std::vector<Scope> WatchedBy(const AlertSubject& subject) {
  if (subject.host != nullptr) return subject.host->roles;
  const std::string service = ServiceOf(subject.monitor);
  return service.empty() ? std::vector<Scope>() : std::vector<Scope>{{service, ""}};
}

bool MayTell(const AlertSubject& subject) {
  if (subject.monitor != nullptr && subject.monitor->is_mute.value_or(false)) return false;
  const HostRecord* const host = subject.host;
  return host == nullptr || host->retired || host->status == "working";
}

void AlertChanges::Log(std::string_view trigger, MonitorAlert* alert) const {
  std::vector<AlertLogEntry>& log = alert->log;
  if (!log.empty() && log.back().level == alert->level) return;
  const int64_t number = log.empty() ? 1 : log.back().number + 1;
  log.push_back(
      {number, around_.time, alert->level, std::string(trigger), alert->value, alert->message});
  if (log.size() > kMaxAlertLog) log.erase(log.begin());
}

void AlertChanges::Tell(const AlertSubject& subject, std::string_view trigger,
                        MonitorAlert* alert) {
  if (!MayTell(subject)) return;
  // No two things about one alert have the same time: notifications are kept by it.
  alert->notified_at = std::max(around_.time, alert->notified_at + absl::Milliseconds(1));
  const Notice notice{around_.tenant, around_.external_url,       alert,  subject.monitor,
                      subject.host,   ServiceOf(subject.monitor), trigger};
  NoticeOccasion occasion{alert->monitor, {}, alert->level, alert->worst};
  if (subject.monitor != nullptr) {
    for (const Scope& scope : WatchedBy(subject)) occasion.services.push_back(scope.service);
  }
  AddNotices(ChannelsFor(*around_.notices, occasion), notice, alert->notified_at, around_.now,
             &writes_);
}

void AlertChanges::Put(const AlertSubject& subject, OpenAlert* open) {
  Log(kMonitoring, &open->alert);
  Tell(subject, kMonitoring, &open->alert);
  writes_.push_back(
      {OpenAlertKey(around_.tenant, open->alert.id), EncodeAlert(open->alert), open->version});
  ++count_;
}

void AlertChanges::Open(const std::string& id, const AlertSubject& subject,
                        const std::string& target, AlertLevel level, OpenAlert* open) {
  MonitorAlert& alert = open->alert;
  alert.id = id;
  alert.monitor = subject.monitor->id;
  alert.kind = subject.monitor->kind();
  alert.target = target;
  if (subject.host != nullptr) alert.host = subject.host->id;
  alert.level = alert.worst = level;
  alert.opened_at = alert.changed_at = around_.time;
  Put(subject, open);
}

void AlertChanges::Change(const AlertSubject& subject, AlertLevel level, OpenAlert* open) {
  MonitorAlert& alert = open->alert;
  if (alert.level != level) alert.changed_at = around_.time;
  alert.level = level;
  alert.worst = std::max(alert.worst, level);
  Put(subject, open);
}

MonitorAlert AlertChanges::Close(OpenAlert open, const AlertSubject& subject,
                                 std::string_view trigger, const std::string& reason) {
  MonitorAlert& alert = open.alert;
  alert.level = AlertLevel::kOk;
  alert.reason = reason;
  alert.closed_at = alert.changed_at = around_.time;
  Log(trigger, &alert);
  writes_.push_back({OpenAlertKey(around_.tenant, alert.id), std::nullopt, open.version});
  Tell(subject, trigger, &alert);
  writes_.push_back({ClosedAlertKey(around_.tenant, alert.id), EncodeAlert(alert), std::nullopt});
  ++count_;
  return std::move(alert);
}

}  // namespace tidegate::control
