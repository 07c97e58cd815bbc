// What every check looks at.
#ifndef TIDEGATE_CONTROL_MONITORS_CHECKS_CHECK_SCENE_H_
#define TIDEGATE_CONTROL_MONITORS_CHECKS_CHECK_SCENE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "control/monitors/alerts/alert_step.h"
#include "control/monitors/checks/series_reader.h"
#include "control/monitors/inventory/host_documents.h"
#include "control/monitors/settings/monitor.h"

namespace tidegate::control {

// Values older than this are not judged.
inline constexpr absl::Duration kFreshFor = absl::Minutes(20);
// A host that has not posted for so long is gone.
inline constexpr absl::Duration kGoneAfter = absl::Minutes(5);

// One round of one tenant. Everything must outlive it.
struct CheckScene {
  absl::Time time;
  const std::vector<HostRecord>* hosts = nullptr;
  SeriesReader* reader = nullptr;
  // Nobody can have posted for a while because this server was away: that something is missing says
  // nothing yet.
  bool after_outage = false;
};

using CheckResults = std::vector<CheckResult>;

// Whether a host is watched at all: it is working or standing by.
bool IsWatched(const HostRecord& host);

// Hosts in some scopes (none: all hosts) that are not in those that are excluded.
class ScopeFilter {
 public:
  explicit ScopeFilter(const std::vector<std::string>& scopes,
                       const std::vector<std::string>& excluded = {});
  bool Holds(const HostRecord& host) const;

 private:
  std::vector<Scope> scopes_;
  std::vector<Scope> excluded_;
};

// The mean of the points in (newest - duration, newest]. Nothing when the newest is too old.
struct RecentMean {
  double value = 0;
  model::TimestampMs newest = 0;
};
std::optional<RecentMean> MeanOfLatest(const std::vector<query::FloatPoint>& points,
                                       absl::Time time, absl::Duration duration);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_CHECKS_CHECK_SCENE_H_
