#include "control/monitors/evaluation/tenant_snapshot.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "control/monitors/inventory/service_documents.h"
#include "control/monitors/settings/monitor_resources.h"
#include "control/monitors/settings/reported_monitors.h"
#include "control/monitors/settings/stored_resources.h"

namespace tidegate::control {
namespace {

// The second parts of all keys of a collection, skipping from tenant to tenant.
absl::Status AddTenants(storage::Documents* documents, const std::string& collection,
                        std::set<std::string>* tenants) {
  std::string after;
  while (true) {
    const auto next = documents->List(collection, after, 1);
    if (!next.ok()) return next.status();
    if (next->empty()) return absl::OkStatus();
    const std::string rest = next->front().key.substr(collection.size());
    const std::string tenant = rest.substr(0, rest.find('/'));
    tenants->insert(tenant);
    after = fmt::format("{}{}0", collection, tenant);  // '0' comes behind '/'.
  }
}

absl::StatusOr<TenantSnapshot> LoadSnapshot(storage::Documents* documents, Hosts* hosts,
                                            const std::string& tenant) {
  TenantSnapshot snapshot;
  snapshot.tenant = tenant;
  auto monitors = LoadMonitors(documents, tenant);
  if (!monitors.ok()) return monitors.status();
  snapshot.monitors = *std::move(monitors);
  auto reported = LoadReportedMonitors(documents, tenant);
  if (!reported.ok()) return reported.status();
  snapshot.reported = *std::move(reported);
  const auto catalog = LoadServices(documents, tenant);
  if (!catalog.ok()) return catalog.status();
  auto records = LoadHosts(documents, hosts, *catalog, tenant);
  if (!records.ok()) return records.status();
  snapshot.hosts = *std::move(records);
  auto downtimes = LoadDowntimes(documents, tenant);
  if (!downtimes.ok()) return downtimes.status();
  snapshot.downtimes = *std::move(downtimes);
  auto notices = LoadNoticeSettings(documents, tenant);
  if (!notices.ok()) return notices.status();
  snapshot.notices = *std::move(notices);
  return snapshot;
}

}  // namespace

const Monitor* TenantSnapshot::FindMonitor(const std::string& id) const {
  for (const std::vector<Monitor>* const list : {&monitors, &reported}) {
    const auto found = std::lower_bound(
        list->begin(), list->end(), id,
        [](const Monitor& monitor, const std::string& key) { return monitor.id < key; });
    if (found != list->end() && found->id == id) return &*found;
  }
  return nullptr;
}

const HostRecord* TenantSnapshot::FindHost(const std::string& id) const {
  const auto found = std::lower_bound(
      hosts.begin(), hosts.end(), id,
      [](const HostRecord& host, const std::string& key) { return host.id < key; });
  return found == hosts.end() || found->id != id ? nullptr : &*found;
}

absl::StatusOr<TenantSnapshots> LoadSnapshots(storage::Documents* documents, Hosts* hosts) {
  std::set<std::string> tenants;
  for (const char* collection : {"monitors/", "open_alerts/"}) {
    absl::Status status = AddTenants(documents, collection, &tenants);
    if (!status.ok()) return status;
  }
  TenantSnapshots snapshots;
  for (const std::string& tenant : tenants) {
    absl::StatusOr<TenantSnapshot> snapshot = LoadSnapshot(documents, hosts, tenant);
    if (!snapshot.ok()) return snapshot.status();
    snapshots[tenant] = std::make_shared<const TenantSnapshot>(*std::move(snapshot));
  }
  return snapshots;
}

}  // namespace tidegate::control
