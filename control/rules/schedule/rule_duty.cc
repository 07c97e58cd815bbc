#include "control/rules/schedule/rule_duty.h"

#include <algorithm>
#include <utility>

#include "control/notify/alert_router.h"
#include "control/rules/schedule/rule_progress.h"

namespace tidegate::control {
namespace {

constexpr absl::Duration kQueryTimeout = absl::Minutes(2);
// How far evaluation goes between two writes of the progress: what is between may be evaluated
// again, to the same samples at the same times.
constexpr absl::Duration kProgressEvery = absl::Seconds(5);
// Continue() looks for it once a second.
constexpr absl::Duration kProgressLag = absl::Seconds(6);

}  // namespace

RuleDuty::Running::Running(const RuleDutyParts& parts, const model::RulesConfig& config,
                           RuleBacklog backlog)
    : queries(parts.queries, parts.log_queries, kQueryTimeout),
      writer(parts.ingester),
      environment{&queries,
                  &writer,
                  parts.alerts,
                  parts.metrics,
                  config.evaluation_interval,
                  config.query_offset,
                  config.catch_up,
                  config.resend_delay,
                  config.external_url,
                  {config.outage_tolerance, config.grace_period}},
      runner(&environment, parts.clock, static_cast<int>(config.concurrent_groups), backlog) {}

RuleDuty::RuleDuty(const RuleDutyParts& parts, model::RulesConfig config)
    : parts_(parts), documents_(parts.documents), config_(std::move(config)) {
  files_.SetFiles(config_.files);
}

void RuleDuty::SetConfig(model::RulesConfig config) {
  absl::MutexLock lock(&mutex_);
  next_config_ = std::make_unique<model::RulesConfig>(std::move(config));
}

bool RuleDuty::HasWork() {
  {
    absl::MutexLock lock(&mutex_);
    if (next_config_ != nullptr) {
      config_ = *std::move(next_config_);
      next_config_ = nullptr;
      files_.SetFiles(config_.files);
      applied_ = false;
    }
  }
  if (files_.Refresh()) applied_ = false;
  if (documents_.Refresh() || HaveLimitsChanged()) applied_ = false;
  bool work = !documents_.Groups().empty() || !files_.empty();
  // The last groups have gone: their series end first.
  if (const auto active = running()) work |= !applied_ || active->runner.IsRetiring();
  absl::MutexLock lock(&mutex_);
  has_work_ = work;
  return work;
}

void RuleDuty::Begin() {
  applied_ = false;
  Start();
}

void RuleDuty::Start() {
  const auto done_until = ReadRuleProgress(parts_.documents);
  if (!done_until.ok() && !absl::IsDataLoss(done_until.status())) return;
  RuleBacklog backlog;
  progress_ = absl::InfinitePast();
  if (done_until.ok() && done_until->has_value()) {
    progress_ = **done_until;
    backlog = BacklogAt(parts_.clock->Now(), **done_until, kProgressLag, config_.catch_up);
  }
  auto running = std::make_shared<Running>(parts_, config_, backlog);
  absl::MutexLock lock(&mutex_);
  running_ = std::move(running);
}

bool RuleDuty::HaveLimitsChanged() const {
  return std::any_of(least_intervals_.begin(), least_intervals_.end(), [this](const auto& one) {
    return LimitsOf(parts_.limits, one.first).min_rule_interval != one.second;
  });
}

std::vector<RunnableGroup> RuleDuty::Runnable() {
  std::vector<RunnableGroup> groups;
  least_intervals_.clear();
  const auto add = [&](const PlacedRules& rules) {
    for (const auto& [key, spec] : rules) {
      RunnableGroup& group = groups.emplace_back();
      group.key = key;
      group.spec = spec;
      const auto [least, is_new] = least_intervals_.try_emplace(key.tenant);
      if (is_new) least->second = LimitsOf(parts_.limits, key.tenant).min_rule_interval;
      absl::Duration& interval = group.spec.interval;
      const bool is_default = interval == absl::ZeroDuration();
      if ((is_default ? config_.evaluation_interval : interval) < least->second) {
        interval = least->second;
      }
      const model::AlertingConfig* const alerting = AlertingOf(config_.alerting, key.tenant);
      if (alerting != nullptr) group.external_labels = model::Labels(alerting->external_labels);
    }
  };
  add(files_.Groups());
  add(documents_.Groups());
  return groups;
}

void RuleDuty::Continue() {
  if (running() == nullptr) Start();
  const std::shared_ptr<Running> active = running();
  // The first groups are those whose alerts are restored: all of them must be known.
  if (active == nullptr || !documents_.known()) return;
  if (!std::exchange(applied_, true)) active->runner.SetGroups(Runnable());
  if (active->runner.DoneUntil() - progress_ >= kProgressEvery) WriteProgress(active->runner);
}

// A write that fails is tried again at the next second.
void RuleDuty::WriteProgress(const RuleRunner& runner) {
  const absl::Time done_until = runner.DoneUntil();
  if (parts_.lease->Commit({WritingRuleProgress(done_until)}).ok()) progress_ = done_until;
}

void RuleDuty::End() {
  std::shared_ptr<Running> running;
  {
    absl::MutexLock lock(&mutex_);
    running.swap(running_);
  }
  if (running == nullptr) return;
  // What is cut short now is in the backlog of the next. Refused when that has begun already.
  if (applied_) WriteProgress(running->runner);
  running->queries.Cancel();
  running->writer.Cancel();
}

std::shared_ptr<RuleDuty::Running> RuleDuty::running() {
  absl::MutexLock lock(&mutex_);
  return running_;
}

absl::StatusOr<RuleGroupStatuses> RuleDuty::Groups(const std::string& tenant) {
  if (const auto active = running()) return active->runner.Statuses(tenant);
  absl::MutexLock lock(&mutex_);
  if (!has_work_) return RuleGroupStatuses();
  return absl::UnavailableError("this process does not evaluate rules: another one does, or none");
}

}  // namespace tidegate::control
