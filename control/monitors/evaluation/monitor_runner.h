// Evaluates all monitors, minute by minute.
#ifndef TIDEGATE_CONTROL_MONITORS_EVALUATION_MONITOR_RUNNER_H_
#define TIDEGATE_CONTROL_MONITORS_EVALUATION_MONITOR_RUNNER_H_

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "control/hosts.h"
#include "control/lease/owned_documents.h"
#include "control/monitors/checks/anomaly_check.h"
#include "control/monitors/checks/http_prober.h"
#include "control/monitors/checks/series_reader.h"
#include "control/monitors/evaluation/monitor_metrics.h"
#include "control/monitors/evaluation/round.h"
#include "control/rules/evaluation/rule_io.h"
#include "model/clock.h"
#include "model/tenant.h"
#include "query/query_service.h"

namespace tidegate::control {

// Everything must outlive the runner.
struct MonitorRunnerParts {
  OwnedDocuments* documents = nullptr;
  Hosts* hosts = nullptr;
  query::QueryService* queries = nullptr;
  RuleWriter* writer = nullptr;        // Of response times.
  const HttpProber* prober = nullptr;  // nullptr: external monitors are not evaluated.
  MonitorMetrics* metrics = nullptr;
  const model::TenantRegistry* tenants = nullptr;
  const model::Clock* clock = nullptr;
  std::shared_ptr<std::atomic<bool>> stop;  // Set: ends what is running.
  std::string external_url;
};

// How long behind a minute's end its round begins: who posts at the full minute is in it.
inline constexpr absl::Duration kRoundDelay = absl::Seconds(10);
// Rounds over values that were not played in time are played later, so many at most.
inline constexpr int64_t kMaxCatchUp = 5;
// Closed alerts of a tenant that are kept.
inline constexpr size_t kMaxClosedAlerts = 10'000;

// One lane of rounds. The document monitor_rounds/TENANT/LANE says which minute was played last; it
// is written in the transaction of that round, so that no minute is played twice or left out over
// a restart. Owned by one thread.
class MonitorRunner {
 public:
  MonitorRunner(RoundLane lane, const MonitorRunnerParts& parts);

  // Plays all rounds that are due. False: another process evaluates now.
  bool RunDue();

 private:
  // What a lane keeps of a tenant.
  struct Lane {
    int64_t played = 0;  // The last minute.
    TargetStates states;
    absl::Time quiet_until = absl::InfinitePast();  // After an outage.
    uint64_t closings = 0;                          // Since closed alerts were counted last.
    int put_off = 0;  // How often the next round was, because nobody answered.
  };

  bool Refresh();
  absl::StatusOr<Lane*> LaneOfTenant(const std::string& tenant, int64_t minute);
  // False when the same minute must be tried again later.
  bool CatchUp(const TenantSnapshot& snapshot, int64_t minute);
  absl::Status Play(const TenantSnapshot& snapshot, int64_t minute, Lane* lane);
  absl::Status Commit(const TenantSnapshot& snapshot, int64_t minute,
                      const std::map<std::string, std::vector<CheckResult>>& results, Lane* lane);
  void Count(const std::string& tenant, const RoundOutput& output);
  void DropOldAlerts(const std::string& tenant, uint64_t closed, Lane* lane);

  // Sets `unavailable` when somebody did not answer.
  std::map<std::string, std::vector<CheckResult>> CheckValues(const TenantSnapshot& snapshot,
                                                              const CheckScene& scene,
                                                              bool* unavailable);
  absl::StatusOr<CheckResults> CheckOne(const TenantSnapshot& snapshot, const CheckScene& scene,
                                        const Monitor& monitor);
  std::map<std::string, std::vector<CheckResult>> CheckExternal(const TenantSnapshot& snapshot,
                                                                const CheckScene& scene);
  std::optional<double> MeanResponseTime(const TenantSnapshot& snapshot, const CheckScene& scene,
                                         const Monitor& monitor, const ProbeResult& probe);

  const RoundLane lane_;
  const MonitorRunnerParts parts_;
  std::optional<std::pair<uint64_t, uint64_t>> versions_;  // Of settings and hosts.
  TenantSnapshots snapshots_;
  std::map<std::string, Lane> lanes_;
  AnomalyModels models_;
  bool lost_ = false;
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_EVALUATION_MONITOR_RUNNER_H_
