#include "control/monitors/reports/report_intake.h"

#include <fmt/format.h>

#include <set>

#include "control/monitors/inventory/owned_collections.h"
#include "control/monitors/inventory/service_documents.h"
#include "control/monitors/json/short_id.h"
#include "control/monitors/settings/reported_monitors.h"
#include "control/monitors/settings/stored_resources.h"

namespace tidegate::control {
namespace {

// Of alerts in one transaction.
constexpr size_t kMaxChanges = 20;

}  // namespace

absl::StatusOr<const HostRecord*> ReportIntake::Host(const std::string& id) {
  if (const auto found = hosts_.find(id); found != hosts_.end()) return &found->second;
  if (!catalog_.has_value()) {
    auto catalog = LoadServices(parts_.documents, tenant_);
    if (!catalog.ok()) return catalog.status();
    catalog_ = *std::move(catalog);
  }
  auto host = LoadHost(parts_.documents, parts_.hosts, *catalog_, tenant_, id);
  if (!host.ok()) return host.status();
  if (host->retired) return absl::NotFoundError(fmt::format("the host \"{}\" is retired", id));
  return &(hosts_[id] = *std::move(host));
}

absl::StatusOr<const Monitor*> ReportIntake::MonitorOf(const std::string& name) {
  if (const auto found = monitors_.find(name); found != monitors_.end()) return &found->second;
  const std::string key = ReportedMonitorKey(tenant_, name);
  const auto document = parts_.documents->Get(key);
  if (document.ok()) {
    absl::StatusOr<Monitor> monitor = DecodeReportedMonitor(*document);
    if (!monitor.ok()) return monitor.status();
    return &(monitors_[name] = *std::move(monitor));
  }
  if (!absl::IsNotFound(document.status())) return document.status();
  if (absl::Status status = MakeRoom(); !status.ok()) return status;
  const absl::StatusOr<std::string> id = NewShortId(parts_.now);
  if (!id.ok()) return id.status();
  Monitor monitor;
  monitor.id = *id;
  monitor.name = name;
  monitor.check = ReportedCheck();
  new_monitors_.push_back({key, EncodeReportedMonitor(monitor), 0});
  return &(monitors_[name] = std::move(monitor));
}

absl::Status ReportIntake::MakeRoom() {
  const auto all = LoadReportedMonitors(parts_.documents, tenant_);
  if (!all.ok()) return all.status();
  if (all->size() + new_monitors_.size() < kMaxReportedMonitors) return absl::OkStatus();
  const auto states = parts_.documents->List(fmt::format("{}/{}/", kCheckStates, tenant_), "", 0);
  if (!states.ok()) return states.status();
  std::set<std::string> used;
  for (const storage::Document& document : *states) {
    used.insert(document.key.substr(document.key.rfind('/') + 1));
  }
  for (const Monitor& monitor : *all) {
    if (used.contains(monitor.id)) continue;
    new_monitors_.push_back(
        {ReportedMonitorKey(tenant_, monitor.name), std::nullopt, std::nullopt});
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(
      fmt::format("there are {} checks already, which is the limit", all->size()));
}

absl::StatusOr<ReportIntake::Known*> ReportIntake::StateOf(const HostRecord& host,
                                                           const Monitor& monitor) {
  const std::string key = CheckStateKey(tenant_, host.id, monitor.id);
  if (const auto found = states_.find(key); found != states_.end()) return &found->second;
  Known known;
  known.state.monitor = monitor.id;
  known.state.name = monitor.name;
  const auto document = parts_.documents->Get(key);
  if (!document.ok() && !absl::IsNotFound(document.status())) return document.status();
  if (document.ok()) {
    absl::StatusOr<CheckState> state = DecodeCheckState(*document);
    if (!state.ok()) return state.status();
    known.state = *std::move(state);
    known.version = document->version;
  }
  if (!known.state.alert.empty()) {
    const auto open = parts_.documents->Get(OpenAlertKey(tenant_, known.state.alert));
    if (!open.ok() && !absl::IsNotFound(open.status())) return open.status();
    if (open.ok()) {
      absl::StatusOr<MonitorAlert> alert = DecodeAlert(*open);
      if (!alert.ok()) return alert.status();
      known.open = OpenAlert{*std::move(alert), open->version};
    }
  }
  return &(states_[key] = std::move(known));
}

absl::Status ReportIntake::LoadSurroundings() {
  if (downtimes_.has_value()) return absl::OkStatus();
  auto notices = LoadNoticeSettings(parts_.documents, tenant_);
  if (!notices.ok()) return notices.status();
  auto downtimes = LoadDowntimes(parts_.documents, tenant_);
  if (!downtimes.ok()) return downtimes.status();
  notices_ = *std::move(notices);
  downtimes_ = *std::move(downtimes);
  changes_.emplace(
      AlertSurroundings{tenant_, parts_.external_url, &notices_, parts_.now, parts_.now});
  return absl::OkStatus();
}

absl::StatusOr<bool> ReportIntake::HasTooManyOpen() {
  const auto open =
      parts_.documents->List(fmt::format("open_alerts/{}/", tenant_), "", kMaxOpenAlerts);
  if (!open.ok()) return open.status();
  return open->size() >= kMaxOpenAlerts;
}

bool ReportIntake::IsFullFor(const CheckReport& report) const {
  return judged_.contains({report.host, report.name}) ||
         (changes_.has_value() && changes_->count() >= kMaxChanges);
}

absl::Status ReportIntake::Take(const CheckReport& report) {
  const auto host = Host(report.host);
  if (!host.ok()) return host.status();
  const auto monitor = MonitorOf(report.name);
  if (!monitor.ok()) return monitor.status();
  const auto known = StateOf(**host, **monitor);
  if (!known.ok()) return known.status();
  if (!IsNews(report, (*known)->state, parts_.now)) return absl::OkStatus();
  judged_.insert({report.host, report.name});
  const AlertSubject subject{*monitor, *host};
  CheckState next = (*known)->state;
  const MonitorAlert* const open = (*known)->open.has_value() ? &(*known)->open->alert : nullptr;
  const AlertStep step = StepOfReport(report, open, parts_.now, &next);
  if (step.action == AlertAction::kNone) {
    (*known)->state = std::move(next);
    return absl::OkStatus();
  }
  if (absl::Status status = LoadSurroundings(); !status.ok()) return status;
  if (IsInDowntime(*downtimes_, (*monitor)->id, WatchedBy(subject), parts_.now)) {
    // Known, but it counts for nothing.
    next.bad = (*known)->state.bad;
    next.alert = (*known)->state.alert;
    (*known)->state = std::move(next);
    return absl::OkStatus();
  }
  (*known)->state = std::move(next);
  return Act(subject, report, step, *known);
}

absl::Status ReportIntake::Act(const AlertSubject& subject, const CheckReport& report,
                               const AlertStep& step, Known* known) {
  if (step.action == AlertAction::kRemind && !MayTell(subject)) return absl::OkStatus();
  if (step.action == AlertAction::kOpen) {
    const auto full = HasTooManyOpen();
    if (!full.ok()) return full.status();
    if (*full) return absl::OkStatus();
    const absl::StatusOr<std::string> id = NewShortId(parts_.now);
    if (!id.ok()) return id.status();
    known->state.alert = *id;
    known->open.emplace();
    known->open->alert.message = report.message;
    changes_->Open(*id, subject, subject.host->id, step.level, &*known->open);
    return absl::OkStatus();
  }
  known->open->alert.message = report.message;
  if (step.action == AlertAction::kClose) {
    changes_->Close(*known->open, subject, "monitoring", "");
    known->open.reset();
  } else {
    changes_->Change(subject, step.level, &*known->open);
  }
  return absl::OkStatus();
}

absl::Status ReportIntake::Commit() {
  std::vector<storage::DocumentWrite> writes = std::move(new_monitors_);
  if (!writes.empty()) writes.push_back({std::string(kMonitoringChanges), "", std::nullopt});
  for (const auto& [key, known] : states_) {
    writes.push_back({key, EncodeCheckState(known.state), known.version});
  }
  if (changes_.has_value()) {
    for (storage::DocumentWrite& write : changes_->writes()) writes.push_back(std::move(write));
  }
  if (writes.empty()) return absl::OkStatus();
  return parts_.documents->Commit(writes);
}

}  // namespace tidegate::control
