// Which services and roles a tenant has.
#ifndef TIDEGATE_CONTROL_MONITORS_SETTINGS_SERVICE_CATALOG_H_
#define TIDEGATE_CONTROL_MONITORS_SETTINGS_SERVICE_CATALOG_H_

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "control/monitors/settings/monitor.h"

namespace tidegate::control {

using ServiceCatalog = std::map<std::string, std::set<std::string>>;  // Roles by service.

inline bool Knows(const ServiceCatalog& catalog, const Scope& scope) {
  const auto service = catalog.find(scope.service);
  if (service == catalog.end()) return false;
  return scope.role.empty() || service->second.contains(scope.role);
}

// 2 to 63 letters, digits, - and _, the first a letter or digit: names of services and roles.
bool IsServiceName(std::string_view name);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_SETTINGS_SERVICE_CATALOG_H_
