#include "control/rules/rule_duty.h"

#include <utility>

#include "control/notify/alert_router.h"

namespace tidegate::control {
namespace {

constexpr absl::Duration kQueryTimeout = absl::Minutes(2);

}  // namespace

RuleDuty::Running::Running(const RuleDutyParts& parts, const model::RulesConfig& config)
    : queries(parts.queries, parts.log_queries, kQueryTimeout),
      writer(parts.ingester),
      environment{&queries,
                  &writer,
                  parts.alerts,
                  parts.metrics,
                  config.evaluation_interval,
                  config.query_offset,
                  config.resend_delay,
                  config.external_url,
                  {config.outage_tolerance, config.grace_period}},
      runner(&environment, parts.clock, static_cast<int>(config.concurrent_groups)) {}

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
  if (documents_.Refresh()) applied_ = false;
  bool work = !documents_.Groups().empty() || !files_.empty();
  // The last groups have gone: their series end first.
  if (const auto active = running()) work |= !applied_ || active->runner.IsRetiring();
  absl::MutexLock lock(&mutex_);
  has_work_ = work;
  return work;
}

void RuleDuty::Begin() {
  auto running = std::make_shared<Running>(parts_, config_);
  applied_ = false;
  absl::MutexLock lock(&mutex_);
  running_ = std::move(running);
}

std::vector<RunnableGroup> RuleDuty::Runnable() const {
  std::vector<RunnableGroup> groups;
  const auto add = [&](const PlacedRules& rules) {
    for (const auto& [key, spec] : rules) {
      RunnableGroup& group = groups.emplace_back();
      group.key = key;
      group.spec = spec;
      const model::AlertingConfig* const alerting = AlertingOf(config_.alerting, key.tenant);
      if (alerting != nullptr) group.external_labels = model::Labels(alerting->external_labels);
    }
  };
  add(files_.Groups());
  add(documents_.Groups());
  return groups;
}

void RuleDuty::Continue() {
  // The first groups are those whose alerts are restored: all of them must be known.
  if (!documents_.known() || std::exchange(applied_, true)) return;
  running()->runner.SetGroups(Runnable());
}

void RuleDuty::End() {
  std::shared_ptr<Running> running;
  {
    absl::MutexLock lock(&mutex_);
    running.swap(running_);
  }
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
