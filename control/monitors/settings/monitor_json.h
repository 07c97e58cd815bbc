// Monitors as JSON: what clients send and get, and what lies in documents.
#ifndef TIDEGATE_CONTROL_MONITORS_SETTINGS_MONITOR_JSON_H_
#define TIDEGATE_CONTROL_MONITORS_SETTINGS_MONITOR_JSON_H_

#include <boost/json.hpp>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "control/monitors/settings/monitor.h"
#include "control/monitors/settings/service_catalog.h"

namespace tidegate::control {

// What a definition is checked against.
struct MonitorSurroundings {
  const ServiceCatalog* services = nullptr;
  absl::Time now;
  // The monitor that is replaced: its headers and alertStatusOnGone stay when nothing is said about
  // them, and its type must. nullptr for a new one.
  const Monitor* previous = nullptr;
};

// A monitor without an id. InvalidArgument names the member and what would be right; the rules are
// those of Mackerel's page "Monitors", one for each line of its tables. Members that are not known
// are passed over.
absl::StatusOr<Monitor> ReadMonitor(const boost::json::object& object,
                                    const MonitorSurroundings& surroundings);

// Members in the order of the page; what was not given and has no default is left out.
boost::json::object WriteMonitor(const Monitor& monitor);

// One that WriteMonitor has written; not checked again. DataLoss when it cannot be read.
absl::StatusOr<Monitor> DecodeMonitor(const boost::json::object& object);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_SETTINGS_MONITOR_JSON_H_
