#include "control/monitors/evaluation/round.h"

#include <algorithm>
#include <set>
#include <utility>

#include "control/monitors/alerts/alert_changes.h"
#include "control/monitors/checks/check_scene.h"
#include "control/monitors/json/short_id.h"

namespace tidegate::control {
namespace {

class Round {
 public:
  explicit Round(const RoundInput& input)
      : input_(input),
        snapshot_(*input.snapshot),
        changes_(
            {snapshot_.tenant, input.external_url, &snapshot_.notices, input.time, input.now}) {
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
    out_.writes = std::move(changes_.writes());
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

  bool IsDown(const AlertSubject& subject) const {
    return IsInDowntime(snapshot_.downtimes, subject.monitor->id, WatchedBy(subject), input_.time);
  }

  // One transaction must stay a small one.
  bool IsFull() {
    const std::vector<storage::DocumentWrite>& writes = changes_.writes();
    for (; counted_ < writes.size(); ++counted_) {
      const storage::DocumentWrite& write = writes[counted_];
      bytes_ += write.key.size() + write.value.value_or("").size();
    }
    return changes_.count() >= kMaxRoundChanges || bytes_ >= kMaxRoundBytes;
  }

  absl::Status Judge(const Monitor& monitor, const CheckResult& result) {
    const AlertSubject subject{
        &monitor, WatchesHosts(monitor.kind()) ? snapshot_.FindHost(result.target) : nullptr};
    if (IsDown(subject)) return absl::OkStatus();
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
    absl::Status status = Act(subject, result, step, &state);
    if (status.ok()) SetState(id, before, state);
    return status;
  }

  absl::Status Act(const AlertSubject& subject, const CheckResult& result, const AlertStep& step,
                   TargetState* state) {
    const TargetId id{subject.monitor->id, result.target};
    switch (step.action) {
      case AlertAction::kNone:
        return absl::OkStatus();
      case AlertAction::kOpen:
        ++out_.opened;
        return Open(subject, result, step.level, state);
      case AlertAction::kRemind:
        if (!MayTell(subject)) return absl::OkStatus();
        ++out_.reminded;
        break;
      case AlertAction::kChange:
        ++out_.changed;
        break;
      case AlertAction::kClose:
        *state = TargetState();
        Describe(result, &open_.at(id).alert);
        Close(id, subject, "monitoring", "");
        return absl::OkStatus();
    }
    OpenAlert& open = open_.at(id);
    Describe(result, &open.alert);
    changes_.Change(subject, step.level, &open);
    return absl::OkStatus();
  }

  static void Describe(const CheckResult& result, MonitorAlert* alert) {
    alert->value = result.value;
    alert->message = result.message;
    if (result.series.has_value()) alert->series = result.series;
  }

  absl::Status Open(const AlertSubject& subject, const CheckResult& result, AlertLevel level,
                    TargetState* state) {
    absl::StatusOr<std::string> id = NewShortId(input_.now);
    // Many in one millisecond would meet.
    while (id.ok() && !new_ids_.insert(*id).second) id = NewShortId(input_.now);
    if (!id.ok()) return id.status();
    OpenAlert& open = open_[{subject.monitor->id, result.target}];
    Describe(result, &open.alert);
    state->alert = *id;
    changes_.Open(*id, subject, result.target, level, &open);
    return absl::OkStatus();
  }

  void Close(const TargetId& id, const AlertSubject& subject, std::string_view trigger,
             const std::string& reason) {
    changes_.Close(std::move(open_.at(id)), subject, trigger, reason);
    open_.erase(id);
    ++out_.closed;
  }

  void SetState(const TargetId& id, const TargetState& before, const TargetState& state) {
    if (before.empty() && state.empty()) return;
    if (before == state) return;
    changes_.writes().push_back(WritingState(snapshot_.tenant, id, state));
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
      if (IsFull() || IsDown({&monitor, nullptr})) continue;
      Close(id, {&monitor, nullptr}, "monitoring", "the series has no values");
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
      const HostRecord* const host = snapshot_.FindHost(open_.at(id).alert.host);
      Close(id, {snapshot_.FindMonitor(id.first), host}, trigger, "");
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
      changes_.writes().push_back(WritingState(snapshot_.tenant, id, TargetState()));
      out_.states.erase(id);
    }
  }

  const RoundInput& input_;
  const TenantSnapshot& snapshot_;
  AlertChanges changes_;
  std::map<TargetId, OpenAlert> open_;
  std::set<std::string> new_ids_;  // Of this round.
  size_t bytes_ = 0;               // Of the first counted_ writes.
  size_t counted_ = 0;
  RoundOutput out_;
};

}  // namespace

RoundLane LaneOf(MonitorKind kind) {
  return kind == MonitorKind::kExternal ? RoundLane::kExternal : RoundLane::kValues;
}

absl::StatusOr<RoundOutput> PlayRound(const RoundInput& input) { return Round(input).Play(); }

}  // namespace tidegate::control
