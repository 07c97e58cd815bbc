// Monitors that hosts make by reporting: reported_monitors/TENANT/DIGEST, one for each name.
#ifndef TIDEGATE_CONTROL_MONITORS_SETTINGS_REPORTED_MONITORS_H_
#define TIDEGATE_CONTROL_MONITORS_SETTINGS_REPORTED_MONITORS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "control/monitors/settings/monitor.h"
#include "storage/documents.h"

namespace tidegate::control {

// Of a tenant.
inline constexpr size_t kMaxReportedMonitors = 1000;

// Where the one of this name lies.
std::string ReportedMonitorKey(const std::string& tenant, const std::string& name);
std::string EncodeReportedMonitor(const Monitor& monitor);
// DataLoss when it cannot be read.
absl::StatusOr<Monitor> DecodeReportedMonitor(const storage::Document& document);

// Of a tenant, by id.
absl::StatusOr<std::vector<Monitor>> LoadReportedMonitors(storage::Documents* documents,
                                                          const std::string& tenant);
absl::StatusOr<std::optional<Monitor>> FindReportedMonitor(storage::Documents* documents,
                                                           const std::string& tenant,
                                                           const std::string& id);

// Whether there is a monitor with this id, made by people or by reports.
absl::StatusOr<bool> IsMonitor(storage::Documents* documents, const std::string& tenant,
                               const std::string& id);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_SETTINGS_REPORTED_MONITORS_H_
