#include "control/monitors/evaluation/round.h"

#include <algorithm>
#include <set>
#include <utility>

#include "control/monitors/checks/check_scene.h"
#include "control/monitors/json/short_id.h"
#include "control/monitors/notices/notice_outbox.h"

namespace tidegate::control {
namespace {

// An open alert and the version that its change expects; 0: it is new.
struct OpenAlert {
  MonitorAlert alert;
  uint64_t version = 0;
};

bool WatchesHosts(MonitorKind kind) {
  return kind == MonitorKind::kHost || kind == MonitorKind::kConnectivity ||
         kind == MonitorKind::kAnomalyDetection;
}

std::string ServiceOf(const Monitor& monitor) {
  if (const auto* service = std::get_if<ServiceCheck>(&monitor.check)) return service->service;
  if (const auto* external = std::get_if<ExternalCheck>(&monitor.check)) return external->service;
  return "";
}

class Round {
 public:
  explicit Round(const RoundInput& input) : input_(input), snapshot_(*input.snapshot) {
    out_.states = *input.states;
  }

  absl::StatusOr<RoundOutput> Play() {
    absl::Status status = ReadOpenAlerts();
    for (const Monitor& monitor : snapshot_.monitors) {
      const auto results = input_.results->find(monitor.id);
      if (results == input_.results->end() || !status.ok()) continue;
      const bool quiet = IsQuiet(monitor.id);
      for (const CheckResult& result : results->second) {
        if (!quiet || result.level != AlertLevel::kOk) status.Update(Judge(monitor, result));
      }
      if (monitor.kind() == MonitorKind::kQuery) CloseVanished(monitor);
    }
    if (!status.ok()) return status;
    CloseOrphans();
    ForgetStates();
    return std::move(out_);
  }

 private:
  absl::Status ReadOpenAlerts() {
    for (const storage::Document& document : *input_.open_alerts) {
      absl::StatusOr<MonitorAlert> alert = DecodeAlert(document);
      if (!alert.ok()) return alert.status();
      const TargetId id{alert->monitor, alert->target};
      open_[id] = {*std::move(alert), document.version};
    }
    return absl::OkStatus();
  }

  // No alert, and nothing remembered: what is ok stays so. By far most monitors, most of the time.
  bool IsQuiet(const std::string& monitor) const {
    const TargetId first{monitor, ""};
    const auto open = open_.lower_bound(first);
    const auto state = out_.states.lower_bound(first);
    return (open == open_.end() || open->first.first != monitor) &&
           (state == out_.states.end() || state->first.first != monitor);
  }

  std::vector<Scope> Watched(const Monitor& monitor, const HostRecord* host) const {
    if (host != nullptr) return host->roles;
    const std::string service = ServiceOf(monitor);
    return service.empty() ? std::vector<Scope>() : std::vector<Scope>{{service, ""}};
  }

  bool IsDown(const Monitor& monitor, const HostRecord* host) const {
    const std::vector<Scope> watched = Watched(monitor, host);
    return std::any_of(
        snapshot_.downtimes.begin(), snapshot_.downtimes.end(), [&](const Downtime& downtime) {
          return Covers(downtime, monitor.id, watched) && IsActive(downtime, input_.time);
        });
  }

  // One transaction must stay a small one.
  bool IsFull() {
    for (; counted_ < out_.writes.size(); ++counted_) {
      const storage::DocumentWrite& write = out_.writes[counted_];
      bytes_ += write.key.size() + write.value.value_or("").size();
    }
    return changes_ >= kMaxRoundChanges || bytes_ >= kMaxRoundBytes;
  }

  absl::Status Judge(const Monitor& monitor, const CheckResult& result) {
    const HostRecord* const host =
        WatchesHosts(monitor.kind()) ? snapshot_.FindHost(result.target) : nullptr;
    if (IsDown(monitor, host)) return absl::OkStatus();
    if (IsFull()) {
      ++out_.postponed;
      return absl::OkStatus();
    }
    const TargetId id{monitor.id, result.target};
    const auto open = open_.find(id);
    const auto known = out_.states.find(id);
    const TargetState before = known == out_.states.end() ? TargetState() : known->second;
    TargetState state = before;
    const AlertStep step = NextStep(
        monitor, result, open == open_.end() ? nullptr : &open->second.alert, input_.time, &state);
    if (step.action == AlertAction::kOpen && open_.size() >= kMaxOpenAlerts) {
      ++out_.postponed;
      return absl::OkStatus();
    }
    absl::Status status = Act(monitor, result, host, step, &state);
    if (status.ok()) SetState(id, before, state);
    return status;
  }

  absl::Status Act(const Monitor& monitor, const CheckResult& result, const HostRecord* host,
                   const AlertStep& step, TargetState* state) {
    const TargetId id{monitor.id, result.target};
    switch (step.action) {
      case AlertAction::kNone:
        return absl::OkStatus();
      case AlertAction::kOpen:
        ++out_.opened;
        return Open(monitor, result, host, step.level, state);
      case AlertAction::kRemind:
        if (!MayTell(&monitor, host)) return absl::OkStatus();
        ++out_.reminded;
        break;
      case AlertAction::kChange:
        ++out_.changed;
        break;
      case AlertAction::kClose:
        *state = TargetState();
        Close(id, &result, host, "monitoring", "");
        return absl::OkStatus();
    }
    OpenAlert& open = open_.at(id);
    Describe(result, &open.alert);
    if (open.alert.level != step.level) open.alert.changed_at = input_.time;
    open.alert.level = step.level;
    open.alert.worst = std::max(open.alert.worst, step.level);
    Write(&open, &monitor, host, "monitoring");
    return absl::OkStatus();
  }

  static void Describe(const CheckResult& result, MonitorAlert* alert) {
    alert->value = result.value;
    alert->message = result.message;
    if (result.series.has_value()) alert->series = result.series;
  }

  absl::Status Open(const Monitor& monitor, const CheckResult& result, const HostRecord* host,
                    AlertLevel level, TargetState* state) {
    absl::StatusOr<std::string> id = NewShortId(input_.now);
    // Many in one millisecond would meet.
    while (id.ok() && !new_ids_.insert(*id).second) id = NewShortId(input_.now);
    if (!id.ok()) return id.status();
    OpenAlert& open = open_[{monitor.id, result.target}];
    open.alert.id = *id;
    open.alert.monitor = monitor.id;
    open.alert.kind = monitor.kind();
    open.alert.target = result.target;
    if (host != nullptr) open.alert.host = host->id;
    open.alert.level = open.alert.worst = level;
    open.alert.opened_at = open.alert.changed_at = input_.time;
    Describe(result, &open.alert);
    state->alert = *id;
    Write(&open, &monitor, host, "monitoring");
    return absl::OkStatus();
  }

  // Moves the alert to the closed ones.
  void Close(const TargetId& id, const CheckResult* result, const HostRecord* host,
             std::string_view trigger, const std::string& reason) {
    OpenAlert closing = std::move(open_.at(id));
    open_.erase(id);
    MonitorAlert& alert = closing.alert;
    if (result != nullptr) Describe(*result, &alert);
    alert.level = AlertLevel::kOk;
    alert.reason = reason;
    alert.closed_at = alert.changed_at = input_.time;
    ++out_.closed;
    const std::string tenant = snapshot_.tenant;
    out_.writes.push_back({OpenAlertKey(tenant, alert.id), std::nullopt, closing.version});
    const Monitor* const monitor = snapshot_.FindMonitor(alert.monitor);
    Tell(&alert, monitor, host, trigger);
    out_.writes.push_back({ClosedAlertKey(tenant, alert.id), EncodeAlert(alert), std::nullopt});
    ++changes_;
  }

  void Write(OpenAlert* open, const Monitor* monitor, const HostRecord* host,
             std::string_view trigger) {
    Tell(&open->alert, monitor, host, trigger);
    out_.writes.push_back(
        {OpenAlertKey(snapshot_.tenant, open->alert.id), EncodeAlert(open->alert), open->version});
    ++changes_;
  }

  static bool MayTell(const Monitor* monitor, const HostRecord* host) {
    if (monitor != nullptr && monitor->is_mute.value_or(false)) return false;
    return host == nullptr || host->retired || host->status == "working";
  }

  void Tell(MonitorAlert* alert, const Monitor* monitor, const HostRecord* host,
            std::string_view trigger) {
    if (!MayTell(monitor, host)) return;
    alert->notified_at = input_.time;
    Notice notice{snapshot_.tenant,
                  input_.external_url,
                  alert,
                  monitor,
                  host,
                  monitor == nullptr ? "" : ServiceOf(*monitor),
                  trigger};
    NoticeOccasion occasion{alert->monitor, {}, alert->level, alert->worst};
    if (monitor != nullptr) {
      for (const Scope& scope : Watched(*monitor, host)) occasion.services.push_back(scope.service);
    }
    AddNotices(ChannelsFor(snapshot_.notices, occasion), notice, input_.time, input_.now,
               &out_.writes);
  }

  void SetState(const TargetId& id, const TargetState& before, const TargetState& state) {
    if (before.empty() && state.empty()) return;
    if (before == state) return;
    out_.writes.push_back(WritingState(snapshot_.tenant, id, state));
    if (state.empty()) {
      out_.states.erase(id);
    } else {
      out_.states[id] = state;
    }
  }

  // Series of a query that have no value any more.
  void CloseVanished(const Monitor& monitor) {
    std::set<std::string> seen;
    for (const CheckResult& result : input_.results->at(monitor.id)) seen.insert(result.target);
    std::vector<TargetId> vanished;
    for (const auto& [id, open] : open_) {
      if (id.first != monitor.id || seen.contains(id.second)) continue;
      const auto state = out_.states.find(id);
      const absl::Time last = state == out_.states.end()
                                  ? open.alert.changed_at
                                  : absl::FromUnixMillis(state->second.observed);
      if (input_.time - last > kFreshFor) vanished.push_back(id);
    }
    for (const TargetId& id : vanished) {
      if (IsFull() || IsDown(monitor, nullptr)) continue;
      Close(id, nullptr, nullptr, "monitoring", "the series has no values");
    }
  }

  // Alerts whose monitor or host is gone.
  void CloseOrphans() {
    std::vector<std::pair<TargetId, std::string_view>> orphans;
    for (const auto& [id, open] : open_) {
      if (LaneOf(open.alert.kind) != input_.lane) continue;
      const HostRecord* const host = snapshot_.FindHost(open.alert.host);
      if (snapshot_.FindMonitor(id.first) == nullptr) {
        orphans.emplace_back(id, "monitorDelete");
      } else if (!open.alert.host.empty() && (host == nullptr || host->retired)) {
        orphans.emplace_back(id, "hostRetire");
      }
    }
    for (const auto& [id, trigger] : orphans) {
      if (IsFull()) break;
      Close(id, nullptr, snapshot_.FindHost(open_.at(id).alert.host), trigger, "");
    }
  }

  // States of what is not watched any more: their alert, if there was one, is closed.
  void ForgetStates() {
    std::vector<TargetId> gone;
    for (const auto& [id, state] : out_.states) {
      const Monitor* const monitor = snapshot_.FindMonitor(id.first);
      const bool in_lane = monitor == nullptr || LaneOf(monitor->kind()) == input_.lane;
      const bool retired =
          monitor != nullptr && WatchesHosts(monitor->kind()) &&
          (snapshot_.FindHost(id.second) == nullptr || snapshot_.FindHost(id.second)->retired);
      const bool vanished = monitor != nullptr && monitor->kind() == MonitorKind::kQuery &&
                            input_.time - absl::FromUnixMillis(state.observed) > kFreshFor;
      if (in_lane && !open_.contains(id) && (monitor == nullptr || retired || vanished)) {
        gone.push_back(id);
      }
    }
    for (const TargetId& id : gone) {
      out_.writes.push_back(WritingState(snapshot_.tenant, id, TargetState()));
      out_.states.erase(id);
    }
  }

  const RoundInput& input_;
  const TenantSnapshot& snapshot_;
  std::map<TargetId, OpenAlert> open_;
  std::set<std::string> new_ids_;  // Of this round.
  size_t changes_ = 0;
  size_t bytes_ = 0;  // Of the first counted_ writes.
  size_t counted_ = 0;
  RoundOutput out_;
};

}  // namespace

RoundLane LaneOf(MonitorKind kind) {
  return kind == MonitorKind::kExternal ? RoundLane::kExternal : RoundLane::kValues;
}

absl::StatusOr<RoundOutput> PlayRound(const RoundInput& input) { return Round(input).Play(); }

}  // namespace tidegate::control
