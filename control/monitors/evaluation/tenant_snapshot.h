// What a tenant has set up, as one round sees it.
#ifndef TIDEGATE_CONTROL_MONITORS_EVALUATION_TENANT_SNAPSHOT_H_
#define TIDEGATE_CONTROL_MONITORS_EVALUATION_TENANT_SNAPSHOT_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "control/hosts.h"
#include "control/monitors/inventory/host_documents.h"
#include "control/monitors/notices/downtime.h"
#include "control/monitors/notices/notice_settings.h"
#include "control/monitors/settings/monitor.h"
#include "storage/documents.h"

namespace tidegate::control {

// Immutable.
struct TenantSnapshot {
  std::string tenant;
  std::vector<Monitor> monitors;  // By id.
  std::vector<Monitor> reported;  // The same, of checks that hosts report.
  std::vector<HostRecord> hosts;  // By id.
  std::vector<Downtime> downtimes;
  NoticeSettings notices;

  const Monitor* FindMonitor(const std::string& id) const;
  const HostRecord* FindHost(const std::string& id) const;
};

using TenantSnapshots = std::map<std::string, std::shared_ptr<const TenantSnapshot>>;

// Of all tenants that have monitors or open alerts.
absl::StatusOr<TenantSnapshots> LoadSnapshots(storage::Documents* documents, Hosts* hosts);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_EVALUATION_TENANT_SNAPSHOT_H_
