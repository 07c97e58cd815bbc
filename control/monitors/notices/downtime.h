// Times in which nobody wants to hear of alerts.
#ifndef TIDEGATE_CONTROL_MONITORS_NOTICES_DOWNTIME_H_
#define TIDEGATE_CONTROL_MONITORS_NOTICES_DOWNTIME_H_

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "control/monitors/settings/monitor.h"
#include "storage/documents.h"

namespace tidegate::control {

enum class RecurrenceKind : uint8_t { kNone, kHourly, kDaily, kWeekly, kMonthly, kYearly };

// What lies in a document, as evaluation needs it.
struct Downtime {
  absl::Time start;
  absl::Duration duration;
  RecurrenceKind recurrence = RecurrenceKind::kNone;
  int64_t interval = 1;                 // Hours, days, ...
  std::vector<absl::Weekday> weekdays;  // Of weekly ones; empty: that of the start.
  absl::Time until = absl::InfiniteFuture();
  std::vector<Scope> scopes;  // Services and roles; empty = all.
  std::vector<Scope> exclude_scopes;
  std::vector<std::string> monitors;  // Empty = all.
  std::vector<std::string> exclude_monitors;
};

Downtime DecodeDowntime(const boost::json::object& object);

// Whether the time lies in it: from the start of an occurrence (included) to its end (excluded).
// Occurrences are counted in UTC; a day that a month does not have is its last one.
bool IsActive(const Downtime& downtime, absl::Time time);

// All of a tenant.
absl::StatusOr<std::vector<Downtime>> LoadDowntimes(storage::Documents* documents,
                                                    const std::string& tenant);

// Whether it is about this monitor and what is watched: services and roles of the host, or the
// service. Services and roles on one side, monitors on the other must both fit.
bool Covers(const Downtime& downtime, const std::string& monitor,
            const std::vector<Scope>& watched);

// Whether one of them covers it and lies at this time.
bool IsInDowntime(const std::vector<Downtime>& downtimes, const std::string& monitor,
                  const std::vector<Scope>& watched, absl::Time time);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_NOTICES_DOWNTIME_H_
