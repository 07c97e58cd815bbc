#include "control/monitors/alerts/alert_documents.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "control/monitors/inventory/host_documents.h"
#include "control/monitors/inventory/service_documents.h"
#include "control/monitors/json/fields.h"
#include "control/monitors/json/json_text.h"
#include "control/monitors/json/short_id.h"
#include "control/monitors/notices/notice_outbox.h"
#include "control/monitors/settings/monitor_json.h"
#include "control/monitors/settings/stored_resources.h"

namespace tidegate::control {
namespace {

namespace json = boost::json;

constexpr size_t kMaxReason = 2048;
constexpr size_t kMaxMemoBytes = 80 << 10;
constexpr int kAttempts = 5;

absl::Status NoSuchAlert() { return absl::NotFoundError("there is no such alert"); }

// What a monitor watches beside hosts.
std::string ServiceOf(const Monitor& monitor) {
  if (const auto* service = std::get_if<ServiceCheck>(&monitor.check)) return service->service;
  if (const auto* external = std::get_if<ExternalCheck>(&monitor.check)) return external->service;
  return "";
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

absl::Status AlertDocuments::TellOfClosing(const std::string& tenant, const MonitorAlert& alert,
                                           std::vector<storage::DocumentWrite>* writes) {
  const auto document = documents_.Get(fmt::format("monitors/{}/{}", tenant, alert.monitor));
  if (absl::IsNotFound(document.status())) return absl::OkStatus();
  if (!document.ok()) return document.status();
  const auto object = StoredObject(*document);
  if (!object.ok()) return object.status();
  const auto monitor = DecodeMonitor(*object);
  if (!monitor.ok() || monitor->is_mute.value_or(false)) return monitor.status();
  const auto catalog = LoadServices(&documents_, tenant);
  if (!catalog.ok()) return catalog.status();
  std::vector<HostRecord> hosts;
  if (!alert.host.empty()) {
    auto loaded = LoadHosts(&documents_, &hosts_, *catalog, tenant);
    if (!loaded.ok()) return loaded.status();
    hosts = *std::move(loaded);
  }
  const auto host = std::find_if(hosts.begin(), hosts.end(),
                                 [&](const HostRecord& one) { return one.id == alert.host; });
  const auto settings = LoadNoticeSettings(&documents_, tenant);
  if (!settings.ok()) return settings.status();
  NoticeOccasion occasion{alert.monitor, {}, alert.level, alert.worst};
  Notice notice{tenant, external_url_, &alert, &*monitor, nullptr, ServiceOf(*monitor), "manual"};
  if (!notice.service.empty()) occasion.services.push_back(notice.service);
  if (host != hosts.end()) {
    notice.host = &*host;
    if (host->status != "working") return absl::OkStatus();
    for (const Scope& role : host->roles) occasion.services.push_back(role.service);
  }
  AddNotices(ChannelsFor(*settings, occasion), notice, alert.closed_at, clock_.Now(), writes);
  return absl::OkStatus();
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
    alert->level = AlertLevel::kOk;
    alert->reason = *reason;
    alert->closed_at = alert->changed_at = clock_.Now();
    std::vector<storage::DocumentWrite> writes = {
        {document->key, std::nullopt, document->version},
        {ClosedAlertKey(tenant, id), EncodeAlert(*alert), std::nullopt}};
    status = TellOfClosing(tenant, *alert, &writes);
    if (status.ok()) status = documents_.Commit(writes);
    if (status.ok()) return JsonText(ShowAlert(*alert));
    if (!absl::IsAborted(status)) return status;
  }
  return status;
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
