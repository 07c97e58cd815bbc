#include "control/monitors/evaluation/monitor_runner.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "absl/time/clock.h"
#include "control/monitoring.h"
#include "control/monitors/checks/expression_check.h"
#include "control/monitors/checks/external_check.h"
#include "control/monitors/checks/metric_checks.h"
#include "control/monitors/json/short_id.h"
#include "control/monitors/metrics/selectors.h"
#include "control/monitors/settings/stored_resources.h"
#include "model/quote.h"

namespace tidegate::control {
namespace {

constexpr int kCommitAttempts = 5;
// Longer without a round is an outage: what is missing behind it says nothing for a while.
constexpr int64_t kOutageMinutes = 2;
// A round waits so many looks for those that do not answer, then it is played without them.
constexpr int kMaxPutOff = 30;
// After so many closings closed alerts are counted, and the oldest dropped.
constexpr uint64_t kCountClosings = 500;

int64_t MinuteOf(absl::Time time) { return absl::ToUnixSeconds(time) / 60; }
absl::Time TimeOf(int64_t minute) { return absl::FromUnixSeconds(minute * 60); }

std::string RoundKey(const std::string& tenant, RoundLane lane) {
  return fmt::format("monitor_rounds/{}/{}", tenant,
                     lane == RoundLane::kExternal ? "external" : "values");
}

}  // namespace

MonitorRunner::MonitorRunner(RoundLane lane, const MonitorRunnerParts& parts)
    : lane_(lane), parts_(parts) {}

// Brings the snapshots up to date. False when that is not possible now.
bool MonitorRunner::Refresh() {
  storage::Documents& documents = parts_.documents->documents();
  const auto settings = MonitoringVersion(&documents);
  const auto hosts = parts_.hosts->Version();
  if (!settings.ok() || !hosts.ok()) return false;
  const std::pair versions(*settings, *hosts);
  if (versions_ == versions) return true;
  absl::StatusOr<TenantSnapshots> snapshots = LoadSnapshots(&documents, parts_.hosts);
  if (!snapshots.ok()) {
    spdlog::warn("monitors stay as they were: {}", std::string(snapshots.status().message()));
    return false;
  }
  snapshots_ = *std::move(snapshots);
  versions_ = versions;
  std::erase_if(lanes_, [&](const auto& lane) { return !snapshots_.contains(lane.first); });
  size_t count = 0;
  for (const auto& [tenant, snapshot] : snapshots_) count += snapshot->monitors.size();
  if (lane_ == RoundLane::kValues) parts_.metrics->SetMonitors(count);
  return true;
}

bool MonitorRunner::RunDue() {
  if (lost_ || !Refresh()) return !lost_;
  const int64_t minute = MinuteOf(parts_.clock->Now() - kRoundDelay);
  for (const auto& [tenant, snapshot] : snapshots_) {
    if (parts_.tenants->Find(tenant) == nullptr) continue;  // Its documents are being removed.
    while (!parts_.stop->load() && !lost_ && !CatchUp(*snapshot, minute)) {
    }
  }
  models_.Forget(parts_.clock->Now());
  return !lost_;
}

absl::StatusOr<MonitorRunner::Lane*> MonitorRunner::LaneOfTenant(const std::string& tenant,
                                                                 int64_t minute) {
  if (const auto found = lanes_.find(tenant); found != lanes_.end()) return &found->second;
  storage::Documents& documents = parts_.documents->documents();
  Lane lane;
  lane.played = minute - 1;
  const auto round = documents.Get(RoundKey(tenant, lane_));
  if (round.ok()) {
    const std::string& text = round->value;
    std::from_chars(text.data(), text.data() + text.size(), lane.played);
  } else if (!absl::IsNotFound(round.status())) {
    return round.status();
  }
  absl::StatusOr<TargetStates> states = LoadTargetStates(&documents, tenant);
  if (!states.ok()) return states.status();
  lane.states = *std::move(states);
  return &(lanes_[tenant] = std::move(lane));
}

// Plays the next round of the tenant. True when there is nothing more to do for now.
bool MonitorRunner::CatchUp(const TenantSnapshot& snapshot, int64_t minute) {
  const bool any = std::any_of(snapshot.monitors.begin(), snapshot.monitors.end(),
                               [&](const Monitor& one) { return LaneOf(one.kind()) == lane_; });
  const auto lane = LaneOfTenant(snapshot.tenant, minute);
  if (!lane.ok()) return true;
  if ((*lane)->played >= minute) return true;
  if (!any && (*lane)->states.empty() && lane_ == RoundLane::kExternal) {
    (*lane)->played = minute;
    return true;
  }
  // A request that was not made in time says nothing about the past.
  const int64_t earliest = lane_ == RoundLane::kExternal ? minute : minute - kMaxCatchUp + 1;
  const int64_t next = std::max((*lane)->played + 1, earliest);
  const int64_t missed = next - (*lane)->played - 1;
  if (minute - (*lane)->played > kOutageMinutes) {
    (*lane)->quiet_until = TimeOf(minute) + kGoneAfter;
  }
  const absl::Time start = absl::Now();
  const absl::Status status = Play(snapshot, next, *lane);
  if (absl::IsFailedPrecondition(status)) {
    lost_ = true;
    return true;
  }
  if (!status.ok()) {
    spdlog::warn("monitors of tenant {}, minute {}: {}", snapshot.tenant, next,
                 std::string(status.message()));
    return true;  // Again at the next look.
  }
  parts_.metrics->Missed(snapshot.tenant, static_cast<uint64_t>(missed));
  parts_.metrics->RoundPlayed(absl::Now() - start);
  return next >= minute;
}

absl::Status MonitorRunner::Play(const TenantSnapshot& snapshot, int64_t minute, Lane* lane) {
  SeriesReader reader(parts_.queries, snapshot.tenant, parts_.stop);
  CheckScene scene;
  scene.time = TimeOf(minute);
  scene.hosts = &snapshot.hosts;
  scene.reader = &reader;
  scene.after_outage = scene.time < lane->quiet_until;
  bool unavailable = false;
  const auto results = lane_ == RoundLane::kExternal ? CheckExternal(snapshot, scene)
                                                     : CheckValues(snapshot, scene, &unavailable);
  if (parts_.stop->load()) return absl::CancelledError("stopping");
  if (unavailable && lane->put_off < kMaxPutOff) {
    ++lane->put_off;
    return absl::UnavailableError("values cannot be asked");
  }
  lane->put_off = 0;
  return Commit(snapshot, minute, results, lane);
}

absl::Status MonitorRunner::Commit(const TenantSnapshot& snapshot, int64_t minute,
                                   const std::map<std::string, std::vector<CheckResult>>& results,
                                   Lane* lane) {
  absl::Status status;
  for (int attempt = 0; attempt < kCommitAttempts; ++attempt) {
    const auto open =
        parts_.documents->documents().List(fmt::format("open_alerts/{}/", snapshot.tenant), "", 0);
    if (!open.ok()) return open.status();
    RoundInput input{&snapshot,           lane_,    TimeOf(minute), parts_.clock->Now(),
                     parts_.external_url, &results, &*open,         &lane->states};
    absl::StatusOr<RoundOutput> output = PlayRound(input);
    if (!output.ok()) return output.status();
    output->writes.push_back(
        {RoundKey(snapshot.tenant, lane_), std::to_string(minute), std::nullopt});
    status = parts_.documents->Commit(std::move(output->writes));
    if (status.ok()) {
      lane->states = std::move(output->states);
      lane->played = minute;
      Count(snapshot.tenant, *output);
      DropOldAlerts(snapshot.tenant, output->closed, lane);
      return status;
    }
    // Somebody has closed an alert meanwhile: the same results over what there is now.
    if (!absl::IsAborted(status)) return status;
  }
  return status;
}

void MonitorRunner::Count(const std::string& tenant, const RoundOutput& output) {
  parts_.metrics->Alerts(tenant, "open", output.opened);
  parts_.metrics->Alerts(tenant, "change", output.changed);
  parts_.metrics->Alerts(tenant, "close", output.closed);
  parts_.metrics->Alerts(tenant, "remind", output.reminded);
  parts_.metrics->Alerts(tenant, "postpone", output.postponed);
}

void MonitorRunner::DropOldAlerts(const std::string& tenant, uint64_t closed, Lane* lane) {
  lane->closings += closed;
  if (lane->closings < kCountClosings) return;
  lane->closings = 0;
  storage::Documents& documents = parts_.documents->documents();
  const std::string prefix = fmt::format("closed_alerts/{}/", tenant);
  const auto kept = documents.List(prefix, "", kMaxClosedAlerts);
  if (!kept.ok() || kept->size() < kMaxClosedAlerts) return;
  const auto old = documents.List(prefix, kept->back().key, 2 * kCountClosings);
  if (!old.ok() || old->empty()) return;
  std::vector<storage::DocumentWrite> writes;
  for (const storage::Document& alert : *old) {
    writes.push_back({alert.key, std::nullopt, std::nullopt});
  }
  // Nothing is lost when this fails: the next time finds them too.
  (void)parts_.documents->Commit(std::move(writes));
}

absl::StatusOr<CheckResults> MonitorRunner::CheckOne(const TenantSnapshot& snapshot,
                                                     const CheckScene& scene,
                                                     const Monitor& monitor) {
  switch (monitor.kind()) {
    case MonitorKind::kHost:
      return CheckHosts(scene, std::get<HostCheck>(monitor.check));
    case MonitorKind::kConnectivity:
      return CheckConnectivity(scene, std::get<ConnectivityCheck>(monitor.check));
    case MonitorKind::kService:
      return CheckService(scene, std::get<ServiceCheck>(monitor.check), TimeOfShortId(monitor.id));
    case MonitorKind::kExpression:
      return CheckExpression(scene, std::get<ExpressionCheck>(monitor.check));
    case MonitorKind::kAnomalyDetection:
      return CheckAnomalies(scene, snapshot.tenant, std::get<AnomalyCheck>(monitor.check),
                            &models_);
    case MonitorKind::kQuery:
      return CheckQuery(scene, std::get<QueryCheck>(monitor.check));
    case MonitorKind::kExternal:
    case MonitorKind::kCheck:
      break;
  }
  return CheckResults();
}

std::map<std::string, std::vector<CheckResult>> MonitorRunner::CheckValues(
    const TenantSnapshot& snapshot, const CheckScene& scene, bool* unavailable) {
  std::map<std::string, std::vector<CheckResult>> results;
  for (const Monitor& monitor : snapshot.monitors) {
    if (LaneOf(monitor.kind()) != lane_) continue;
    if (parts_.stop->load() || *unavailable) break;
    absl::StatusOr<CheckResults> checked = CheckOne(snapshot, scene, monitor);
    parts_.metrics->Evaluated(snapshot.tenant, checked.ok());
    if (checked.ok()) {
      results[monitor.id] = *std::move(checked);
    } else if (absl::IsUnavailable(checked.status())) {
      *unavailable = true;
    } else {
      spdlog::warn("monitor {} of tenant {}: {}", monitor.id, snapshot.tenant,
                   std::string(checked.status().message()));
    }
  }
  return results;
}

// What it took this time is one of the values, written first so that the mean has it.
std::optional<double> MonitorRunner::MeanResponseTime(const TenantSnapshot& snapshot,
                                                      const CheckScene& scene,
                                                      const Monitor& monitor,
                                                      const ProbeResult& probe) {
  const auto& check = std::get<ExternalCheck>(monitor.check);
  if (check.service.empty() || !probe.error.empty()) return std::nullopt;
  const double took = absl::ToDoubleMilliseconds(probe.took);
  const model::Labels labels{{model::kMetricNameLabel, kResponseTimeMetric},
                             {kServiceLabel, check.service},
                             {kMonitorLabel, monitor.id}};
  const absl::Status written = parts_.writer->Write(
      snapshot.tenant, {{labels, absl::ToUnixMillis(scene.time), took, nullptr}});
  if (!written.ok()) {
    spdlog::warn("response time of monitor {}: {}", monitor.id, std::string(written.message()));
  }
  if (!check.response_time_duration.has_value()) return std::nullopt;
  const std::string selector =
      fmt::format("{{__name__=\"{}\",{}=\"{}\"}}", kResponseTimeMetric, kMonitorLabel, monitor.id);
  const auto window =
      scene.reader->Window(selector, scene.time, absl::Minutes(*check.response_time_duration));
  double sum = 0;
  size_t count = 0;
  if (window.ok()) {
    for (const query::ResultSeries& series : **window) {
      for (const query::FloatPoint& point : series.floats) sum += point.value, ++count;
    }
  }
  return count == 0 ? took : sum / static_cast<double>(count);
}

std::map<std::string, std::vector<CheckResult>> MonitorRunner::CheckExternal(
    const TenantSnapshot& snapshot, const CheckScene& scene) {
  std::vector<ProbeRequest> requests;
  std::vector<const Monitor*> monitors;
  for (const Monitor& monitor : snapshot.monitors) {
    if (LaneOf(monitor.kind()) != lane_) continue;
    requests.push_back({snapshot.tenant, std::get<ExternalCheck>(monitor.check)});
    monitors.push_back(&monitor);
  }
  std::map<std::string, std::vector<CheckResult>> results;
  if (parts_.prober == nullptr || requests.empty()) return results;
  const std::vector<ProbeResult> probes = parts_.prober->Run(requests, *parts_.stop);
  if (parts_.stop->load()) return results;
  for (size_t i = 0; i < probes.size(); ++i) {
    const auto mean = MeanResponseTime(snapshot, scene, *monitors[i], probes[i]);
    results[monitors[i]->id] = {JudgeProbe(requests[i].check, probes[i], mean, scene.time)};
    parts_.metrics->Evaluated(snapshot.tenant, true);
  }
  return results;
}

}  // namespace tidegate::control
