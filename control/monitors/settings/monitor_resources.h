// Monitors as documents: monitors/TENANT/ID.
#ifndef TIDEGATE_CONTROL_MONITORS_SETTINGS_MONITOR_RESOURCES_H_
#define TIDEGATE_CONTROL_MONITORS_SETTINGS_MONITOR_RESOURCES_H_

#include <string>
#include <vector>

#include "control/limits/limit_guard.h"
#include "control/monitors/settings/monitor.h"
#include "control/monitors/settings/stored_resources.h"

namespace tidegate::control {

// Of a tenant, by id; those that cannot be read are left out, with a line in the log.
absl::StatusOr<std::vector<Monitor>> LoadMonitors(storage::Documents* documents,
                                                  const std::string& tenant);

// Lists are in the order of kinds, then of names. Thread safe.
class MonitorResources final : public StoredResources {
 public:
  // Everything must outlive it.
  MonitorResources(storage::Documents* documents, LimitGuard* limits, const model::Clock* clock)
      : StoredResources("monitors", documents, clock), limits_(limits) {}

 private:
  absl::StatusOr<boost::json::object> Read(const std::string& tenant,
                                           const boost::json::object& body,
                                           const boost::json::object* previous) override;
  absl::Status OnDelete(const std::string& tenant, const boost::json::object& object,
                        std::vector<storage::DocumentWrite>* writes) override;
  bool Before(const boost::json::object& a, const boost::json::object& b) const override;
  size_t MaxCount(const std::string& tenant) const override;
  void CountRefusal(const std::string& tenant) override;
  std::string_view Noun() const override { return "monitor"; }

  LimitGuard* const limits_;  // nullptr: the defaults hold.
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_SETTINGS_MONITOR_RESOURCES_H_
