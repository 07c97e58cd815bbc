#include "control/monitors/reports/check_reports.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <map>
#include <set>
#include <utility>

#include "control/monitors/checks/check_scene.h"
#include "control/monitors/inventory/owned_collections.h"
#include "control/monitors/inventory/service_documents.h"
#include "control/monitors/json/fields.h"
#include "control/monitors/json/json_text.h"
#include "control/monitors/reports/check_state.h"
#include "control/monitors/reports/report_intake.h"
#include "control/monitors/settings/monitor_resources.h"
#include "control/monitors/settings/reported_monitors.h"
#include "control/monitors/settings/stored_resources.h"

namespace tidegate::control {
namespace {

namespace json = boost::json;

constexpr int kAttempts = 10;

// Whether the monitor watches this host; of kinds that watch hosts.
bool Watches(const Monitor& monitor, const HostRecord& host) {
  if (const auto* check = std::get_if<HostCheck>(&monitor.check)) {
    return ScopeFilter(check->scopes, check->exclude_scopes).Holds(host);
  }
  if (const auto* check = std::get_if<ConnectivityCheck>(&monitor.check)) {
    return ScopeFilter(check->scopes, check->exclude_scopes).Holds(host);
  }
  if (const auto* check = std::get_if<AnomalyCheck>(&monitor.check)) {
    return ScopeFilter(check->scopes).Holds(host);
  }
  return false;
}

// Levels of the open alerts of a host, by monitor.
absl::StatusOr<std::map<std::string, AlertLevel>> LevelsOf(storage::Documents* documents,
                                                           const std::string& tenant,
                                                           const std::string& host) {
  const auto open = documents->List(fmt::format("open_alerts/{}/", tenant), "", 0);
  if (!open.ok()) return open.status();
  std::map<std::string, AlertLevel> levels;
  for (const storage::Document& document : *open) {
    const auto alert = DecodeAlert(document);
    if (!alert.ok()) return alert.status();
    if (alert->host == host) levels[alert->monitor] = alert->level;
  }
  return levels;
}

// What the host says about its checks, by name.
absl::StatusOr<std::map<std::string, std::string>> MemosOf(storage::Documents* documents,
                                                           const std::string& tenant,
                                                           const std::string& host) {
  std::map<std::string, std::string> memos;
  const auto document = documents->Get(fmt::format("monitored_hosts/{}/{}", tenant, host));
  if (absl::IsNotFound(document.status())) return memos;  // It is in the configuration.
  if (!document.ok()) return document.status();
  const auto object = StoredObject(*document);
  if (!object.ok()) return object.status();
  const json::value* const checks = object->if_contains("checks");
  if (checks == nullptr || !checks->is_array()) return memos;
  for (const json::value& check : checks->get_array()) {
    memos[TextOf(check.get_object(), "name")] = TextOf(check.get_object(), "memo");
  }
  return memos;
}

}  // namespace

absl::StatusOr<size_t> CheckReports::TakeSome(const std::string& tenant,
                                              const std::vector<CheckReport>& reports, size_t begin,
                                              absl::Status* unknown) {
  const IntakeParts parts{&documents_, &hosts_, external_url_, clock_.Now()};
  ReportIntake intake(parts, tenant);
  size_t next = begin;
  absl::Status missing;
  for (; next < reports.size() && !intake.IsFullFor(reports[next]); ++next) {
    const absl::Status status = intake.Take(reports[next]);
    if (absl::IsNotFound(status)) {
      missing.Update(status);
    } else if (!status.ok()) {
      return status;
    }
  }
  if (absl::Status status = intake.Commit(); !status.ok()) return status;
  unknown->Update(missing);
  return next;
}

absl::Status CheckReports::Report(const std::string& tenant, std::string_view body) {
  const auto reports = ReadCheckReports(body);
  if (!reports.ok()) return reports.status();
  absl::Status unknown;
  int attempts = 0;
  for (size_t next = 0; next < reports->size();) {
    const absl::StatusOr<size_t> taken = TakeSome(tenant, *reports, next, &unknown);
    if (taken.ok()) {
      next = *taken;
      attempts = 0;
    } else if (!absl::IsAborted(taken.status()) || ++attempts == kAttempts) {
      return taken.status();
    }
  }
  return unknown;
}

absl::StatusOr<CheckPage> CheckReports::List(const std::string& tenant, const std::string& from,
                                             size_t limit) {
  const auto monitors = LoadReportedMonitors(&documents_, tenant);
  if (!monitors.ok()) return monitors.status();
  const auto states = documents_.List(fmt::format("{}/{}/", kCheckStates, tenant), "", 0);
  if (!states.ok()) return states.status();
  std::set<std::string> used;
  for (const storage::Document& state : *states) {
    used.insert(state.key.substr(state.key.rfind('/') + 1));
  }
  CheckPage page;
  json::array shown;
  for (const Monitor& monitor : *monitors) {
    if (monitor.id < from || !used.contains(monitor.id)) continue;
    if (shown.size() == limit) {
      page.next_id = monitor.id;
      break;
    }
    shown.push_back(json::object{{"id", monitor.id}, {"name", monitor.name}});
  }
  page.checks = JsonText(shown);
  return page;
}

absl::StatusOr<std::string> CheckReports::StatusesOfHost(const std::string& tenant,
                                                         const std::string& host) {
  const auto catalog = LoadServices(&documents_, tenant);
  if (!catalog.ok()) return catalog.status();
  const auto record = LoadHost(&documents_, &hosts_, *catalog, tenant, host);
  if (!record.ok()) return record.status();
  const auto levels = LevelsOf(&documents_, tenant, host);
  if (!levels.ok()) return levels.status();
  const auto monitors = LoadMonitors(&documents_, tenant);
  if (!monitors.ok()) return monitors.status();
  json::array statuses;
  for (const Monitor& monitor : *monitors) {
    if (!Watches(monitor, *record)) continue;
    const auto level = levels->find(monitor.id);
    statuses.push_back(json::object{
        {"monitorId", monitor.id},
        {"status", AlertLevelName(level == levels->end() ? AlertLevel::kOk : level->second)}});
  }
  const auto memos = MemosOf(&documents_, tenant, host);
  if (!memos.ok()) return memos.status();
  const auto states = documents_.List(OwnedPrefix(kCheckStates, tenant, OwnedByHost(host)), "", 0);
  if (!states.ok()) return states.status();
  for (const storage::Document& document : *states) {
    const auto state = DecodeCheckState(document);
    if (!state.ok()) return state.status();
    const auto memo = memos->find(state->name);
    statuses.push_back(
        json::object{{"monitorId", state->monitor},
                     {"status", AlertLevelName(state->level)},
                     {"detail", json::object{{"type", "check"},
                                             {"message", state->message},
                                             {"memo", memo == memos->end() ? "" : memo->second}}}});
  }
  return JsonText(statuses);
}

}  // namespace tidegate::control
