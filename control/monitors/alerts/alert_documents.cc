#include "control/monitors/alerts/alert_documents.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "control/monitors/alerts/alert_changes.h"
#include "control/monitors/inventory/host_documents.h"
#include "control/monitors/inventory/service_documents.h"
#include "control/monitors/json/fields.h"
#include "control/monitors/json/json_text.h"
#include "control/monitors/json/short_id.h"
#include "control/monitors/settings/monitor_json.h"
#include "control/monitors/settings/reported_monitors.h"
#include "control/monitors/settings/stored_resources.h"

namespace tidegate::control {
namespace {

namespace json = boost::json;

constexpr size_t kMaxReason = 2048;
constexpr size_t kMaxMemoBytes = 80 << 10;
constexpr int kAttempts = 5;

absl::Status NoSuchAlert() { return absl::NotFoundError("there is no such alert"); }

// What AlertChanges needs, loaded for one alert.
struct Subject {
  std::optional<Monitor> monitor;
  std::vector<HostRecord> hosts;
  NoticeSettings notices;
};

absl::StatusOr<std::optional<Monitor>> FindMonitor(storage::Documents* documents,
                                                   const std::string& tenant,
                                                   const std::string& id) {
  const auto document = documents->Get(fmt::format("monitors/{}/{}", tenant, id));
  if (absl::IsNotFound(document.status())) return FindReportedMonitor(documents, tenant, id);
  if (!document.ok()) return document.status();
  const auto object = StoredObject(*document);
  if (!object.ok()) return object.status();
  absl::StatusOr<Monitor> monitor = DecodeMonitor(*object);
  if (!monitor.ok()) return monitor.status();
  return std::optional<Monitor>(*std::move(monitor));
}

absl::StatusOr<Subject> LoadSubject(storage::Documents* documents, Hosts* hosts,
                                    const std::string& tenant, const MonitorAlert& alert) {
  Subject subject;
  auto monitor = FindMonitor(documents, tenant, alert.monitor);
  if (!monitor.ok()) return monitor.status();
  subject.monitor = *std::move(monitor);
  const auto catalog = LoadServices(documents, tenant);
  if (!catalog.ok()) return catalog.status();
  if (!alert.host.empty()) {
    auto loaded = LoadHosts(documents, hosts, *catalog, tenant);
    if (!loaded.ok()) return loaded.status();
    std::erase_if(*loaded, [&](const HostRecord& host) { return host.id != alert.host; });
    subject.hosts = *std::move(loaded);
  }
  auto notices = LoadNoticeSettings(documents, tenant);
  if (!notices.ok()) return notices.status();
  subject.notices = *std::move(notices);
  return subject;
}

}  // namespace

absl::StatusOr<AlertPage> AlertDocuments::List(const std::string& tenant, bool with_closed,
                                               const std::string& after, size_t limit) {
  if (!after.empty() && !IsShortId(after)) {
    return absl::InvalidArgumentError("nextId is not the id of an alert");
  }
  std::vector<MonitorAlert> alerts;
  for (const bool closed : {false, true}) {
    if (closed && !with_closed) continue;
    const std::string prefix = fmt::format("{}_alerts/{}/", closed ? "closed" : "open", tenant);
    const std::string from = after.empty() ? "" : prefix + DescendingKey(after);
    const auto found = documents_.List(prefix, from, limit + 1);
    if (!found.ok()) return found.status();
    for (const storage::Document& document : *found) {
      absl::StatusOr<MonitorAlert> alert = DecodeAlert(document);
      if (!alert.ok()) return alert.status();
      alerts.push_back(*std::move(alert));
    }
  }
  std::sort(alerts.begin(), alerts.end(),
            [](const MonitorAlert& a, const MonitorAlert& b) { return a.id > b.id; });
  AlertPage page;
  const bool more = alerts.size() > limit;
  if (more) alerts.resize(limit);
  if (more && !alerts.empty()) page.next_id = alerts.back().id;
  page.alerts = "[";
  for (const MonitorAlert& alert : alerts) {
    if (page.alerts.size() > 1) page.alerts += ',';
    page.alerts += JsonText(ShowAlert(alert));
  }
  page.alerts += ']';
  return page;
}

absl::StatusOr<storage::Document> AlertDocuments::Find(const std::string& tenant,
                                                       const std::string& id) {
  if (!IsShortId(id)) return NoSuchAlert();
  // It may be closed between two looks, never opened.
  for (const std::string& key : {OpenAlertKey(tenant, id), ClosedAlertKey(tenant, id)}) {
    auto document = documents_.Get(key);
    if (!absl::IsNotFound(document.status())) return document;
  }
  return NoSuchAlert();
}

absl::StatusOr<std::string> AlertDocuments::Get(const std::string& tenant, const std::string& id) {
  const auto document = Find(tenant, id);
  if (!document.ok()) return document.status();
  const auto alert = DecodeAlert(*document);
  if (!alert.ok()) return alert.status();
  return JsonText(ShowAlert(*alert));
}

absl::StatusOr<std::string> AlertDocuments::Close(const std::string& tenant, const std::string& id,
                                                  std::string_view body) {
  const auto object = ParseJsonObject(body);
  if (!object.ok()) return object.status();
  Fields fields(*object);
  const auto reason = fields.BoundedText("reason", kMaxReason);
  if (!reason.has_value()) fields.Fail("reason", "is missing");
  if (!fields.ok()) return fields.status();
  absl::Status status;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const auto document = Find(tenant, id);
    if (!document.ok()) return document.status();
    absl::StatusOr<MonitorAlert> alert = DecodeAlert(*document);
    if (!alert.ok()) return alert.status();
    if (!alert->is_open()) return JsonText(ShowAlert(*alert));
    const auto subject = LoadSubject(&documents_, &hosts_, tenant, *alert);
    if (!subject.ok()) return subject.status();
    AlertChanges changes({tenant, external_url_, &subject->notices, clock_.Now(), clock_.Now()});
    *alert = changes.Close({*alert, document->version},
                           {subject->monitor.has_value() ? &*subject->monitor : nullptr,
                            subject->hosts.empty() ? nullptr : &subject->hosts.front()},
                           "manual", *reason);
    status = documents_.Commit(changes.writes());
    if (status.ok()) return JsonText(ShowAlert(*alert));
    if (!absl::IsAborted(status)) return status;
  }
  return status;
}

absl::StatusOr<AlertPage> AlertDocuments::Logs(const std::string& tenant, const std::string& id,
                                               const std::string& from, size_t limit) {
  const auto document = Find(tenant, id);
  if (!document.ok()) return document.status();
  const auto alert = DecodeAlert(*document);
  if (!alert.ok()) return alert.status();
  AlertPage page;
  page.alerts = "[";
  bool begun = from.empty();
  size_t count = 0;
  for (auto entry = alert->log.rbegin(); entry != alert->log.rend(); ++entry) {
    const std::string entry_id = LogEntryId(*alert, *entry);
    begun = begun || entry_id == from;
    if (!begun) continue;
    if (count++ == limit) {
      page.next_id = entry_id;
      break;
    }
    if (page.alerts.size() > 1) page.alerts += ',';
    page.alerts += JsonText(ShowLogEntry(*alert, *entry));
  }
  if (!begun) return absl::InvalidArgumentError("nextId is not the id of a log of this alert");
  page.alerts += ']';
  return page;
}

absl::StatusOr<std::string> AlertDocuments::SetMemo(const std::string& tenant,
                                                    const std::string& id, std::string_view body) {
  const auto object = ParseJsonObject(body);
  if (!object.ok()) return object.status();
  Fields fields(*object);
  const auto memo = fields.Text("memo");
  if (!memo.has_value()) fields.Fail("memo", "is missing");
  if (!fields.ok()) return fields.status();
  if (memo->size() > kMaxMemoBytes) return absl::OutOfRangeError("memo is longer than 80 KB");
  absl::Status status;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const auto document = Find(tenant, id);
    if (!document.ok()) return document.status();
    absl::StatusOr<MonitorAlert> alert = DecodeAlert(*document);
    if (!alert.ok()) return alert.status();
    alert->memo = *memo;
    status = documents_.Commit({{document->key, EncodeAlert(*alert), document->version}});
    if (status.ok()) return JsonText(json::object{{"id", id}, {"memo", *memo}});
    if (!absl::IsAborted(status)) return status;
  }
  return status;
}

}  // namespace tidegate::control
