#include "control/rules/evaluation/rule_group.h"

#include <spdlog/spdlog.h>

#include <utility>

#include "absl/time/clock.h"
#include "control/rules/evaluation/recording_rule.h"

namespace tidegate::control {
namespace {

// A rule with the labels of its group, where it does not say otherwise.
RuleSpec Labelled(RuleSpec rule, const TextMap& group_labels) {
  for (const auto& [name, value] : group_labels) rule.labels.emplace(name, value);
  return rule;
}

std::string Text(const absl::Status& status) { return std::string(status.message()); }

}  // namespace

RuleGroup::RuleGroup(RuleGroupKey key, RuleGroupSpec spec, model::Labels external_labels,
                     bool restore, const RuleEnvironment* environment)
    : key_(std::move(key)),
      spec_(std::move(spec)),
      external_labels_(std::move(external_labels)),
      environment_(*environment),
      interval_(spec_.interval == absl::ZeroDuration() ? environment_.default_interval
                                                       : spec_.interval),
      restore_(restore) {
  absl::MutexLock lock(&mutex_);
  for (const RuleSpec& written : spec_.rules) {
    Rule& rule = rules_.emplace_back();
    rule.spec = Labelled(written, spec_.labels);
    if (rule.spec.alert.empty()) continue;
    rule.alerting = std::make_unique<AlertingRule>(rule.spec, /*restored=*/!restore);
  }
  Publish();
}

absl::Duration RuleGroup::QueryOffset() const {
  return spec_.query_offset.value_or(environment_.default_query_offset);
}

void RuleGroup::CopyState(RuleGroup* from) {
  absl::MutexLock other_lock(&from->mutex_);
  absl::MutexLock lock(&mutex_);
  evaluation_time_ = from->evaluation_time_;
  last_evaluation_ = from->last_evaluation_;
  std::multimap<std::pair<std::string, TextMap>, Rule*> earlier;
  for (Rule& rule : from->rules_)
    earlier.emplace(std::pair(rule.spec.name(), rule.spec.labels), &rule);
  for (Rule& rule : rules_) {
    const auto found = earlier.find(std::pair(rule.spec.name(), rule.spec.labels));
    if (found == earlier.end()) continue;
    rule.series = found->second->series;
    const bool both = rule.alerting != nullptr && found->second->alerting != nullptr;
    if (both) rule.alerting->CopyState(*found->second->alerting);
    earlier.erase(found);
  }
  gone_ = from->gone_;
  for (const auto& [name, rule] : earlier) gone_.insert(rule->series.begin(), rule->series.end());
  restore_ = from->restore_;
  evaluations_ = from->evaluations_;
  for (Rule& rule : rules_) {
    if (rule.alerting != nullptr && !restore_) rule.alerting->Restored();
  }
  Publish();
}

bool RuleGroup::Evaluate(absl::Time time) {
  absl::MutexLock lock(&mutex_);
  const absl::Time start = absl::Now();
  bool answered = true;
  for (Rule& rule : rules_) answered &= !absl::IsUnavailable(EvaluateRule(time, &rule));
  WriteStaleMarkers(time);
  evaluation_time_ = absl::Now() - start;
  last_evaluation_ = time;
  if (environment_.metrics != nullptr) environment_.metrics->GroupEvaluated(evaluation_time_);
  // Recording rules that alerts depend on have written by then.
  if (answered) ++evaluations_;
  if (evaluations_ >= 2 && restore_) Restore(time);
  Publish();
  return answered;
}

absl::Status RuleGroup::EvaluateRule(absl::Time time, Rule* rule) {
  const absl::Time start = absl::Now();
  const absl::Status status = RunRule(time, rule);
  if (absl::IsCancelled(status)) return status;  // Somebody else goes on.
  rule->evaluation_time = absl::Now() - start;
  rule->last_evaluation = time;
  rule->health = status.ok() ? RuleHealth::kGood : RuleHealth::kBad;
  if (!status.ok() && rule->last_error != status.message()) {
    spdlog::warn("tenant {}: rule {} of group {}: {}", key_.tenant, rule->spec.name(), spec_.name,
                 Text(status));
  }
  rule->last_error = Text(status);
  if (environment_.metrics != nullptr) {
    environment_.metrics->RuleEvaluated(key_.tenant, status.ok(), rule->evaluation_time);
  }
  return status;
}

absl::StatusOr<std::vector<RuleSample>> RuleGroup::Compute(absl::Time time, Rule* rule) {
  const absl::Time asked = time - QueryOffset();
  absl::StatusOr<std::vector<RuleSample>> result = environment_.queries->Instant(
      {key_.tenant, key_.language, rule->spec.canonical, asked, absl::ZeroDuration()});
  if (!result.ok()) return result.status();
  const model::TimestampMs timestamp = absl::ToUnixMillis(asked);
  if (rule->alerting == nullptr) {
    return Recorded(rule->spec, *std::move(result), timestamp, spec_.limit);
  }
  absl::Status status = rule->alerting->Take(*result, time, spec_.limit, Surroundings(time));
  if (!status.ok()) return status;
  return rule->alerting->Samples(timestamp);
}

absl::Status RuleGroup::RunRule(absl::Time time, Rule* rule) {
  absl::StatusOr<std::vector<RuleSample>> samples = Compute(time, rule);
  if (!samples.ok()) return samples.status();
  if (rule->alerting != nullptr) Notify(time, rule);
  SeriesSet written;
  for (const RuleSample& sample : *samples) {
    written.emplace(std::string(sample.labels.bytes()), sample.labels);
  }
  const model::TimestampMs timestamp = absl::ToUnixMillis(time - QueryOffset());
  for (const auto& [key, labels] : rule->series) {
    if (!written.contains(key)) samples->push_back({labels, timestamp, model::StaleNan(), nullptr});
  }
  if (!samples->empty()) {
    absl::Status status = environment_.writer->Write(key_.tenant, *samples);
    if (!status.ok()) return status;
  }
  rule->series = std::move(written);
  return absl::OkStatus();
}

void RuleGroup::Notify(absl::Time time, Rule* rule) {
  if (environment_.alerts == nullptr) return;
  std::vector<OutgoingAlert> outgoing;
  const std::string link = environment_.external_url + query::TableLink(rule->spec.canonical);
  for (Alert& alert : rule->alerting->TakeDue(time, environment_.resend_delay, interval_)) {
    const bool resolved = alert.resolved_at != absl::InfinitePast();
    outgoing.push_back({std::move(alert.labels), std::move(alert.annotations), alert.fired_at,
                        resolved ? alert.resolved_at : alert.valid_until, link});
  }
  if (!outgoing.empty()) environment_.alerts->Send(key_.tenant, std::move(outgoing));
}

AlertSurroundings RuleGroup::Surroundings(absl::Time time) const {
  AlertSurroundings surroundings;
  surroundings.external_labels = external_labels_;
  surroundings.external_url = environment_.external_url;
  surroundings.query =
      [this, time](const std::string& text) -> absl::StatusOr<std::vector<query::TemplateSample>> {
    const absl::StatusOr<std::vector<RuleSample>> result = environment_.queries->Instant(
        {key_.tenant, key_.language, text, time - QueryOffset(), absl::ZeroDuration()});
    if (!result.ok()) return result.status();
    std::vector<query::TemplateSample> samples;
    for (const RuleSample& sample : *result) samples.push_back({sample.labels, sample.value});
    return samples;
  };
  return surroundings;
}

void RuleGroup::WriteStaleMarkers(absl::Time time) {
  if (gone_.empty()) return;
  // What another rule of the group writes now is not gone.
  for (const Rule& rule : rules_) {
    for (const auto& [key, labels] : rule.series) gone_.erase(key);
  }
  std::vector<RuleSample> markers;
  const model::TimestampMs timestamp = absl::ToUnixMillis(time - QueryOffset());
  for (const auto& [key, labels] : gone_) {
    markers.push_back({labels, timestamp, model::StaleNan(), nullptr});
  }
  const absl::Status status =
      markers.empty() ? absl::OkStatus() : environment_.writer->Write(key_.tenant, markers);
  if (status.ok()) {
    gone_.clear();
  } else {
    spdlog::warn("tenant {}: stale markers of group {}: {}", key_.tenant, spec_.name, Text(status));
  }
}

void RuleGroup::Retire(absl::Time time) {
  absl::MutexLock lock(&mutex_);
  for (Rule& rule : rules_) gone_.merge(rule.series);
  rules_.clear();
  WriteStaleMarkers(time);
}

void RuleGroup::Restore(absl::Time time) {
  for (Rule& rule : rules_) {
    if (rule.alerting == nullptr) continue;
    RestoreForState(key_.tenant, time, environment_.for_state, environment_.queries,
                    rule.alerting.get());
  }
  restore_ = false;
}

void RuleGroup::Publish() {
  auto status = std::make_shared<RuleGroupStatus>();
  status->name = spec_.name;
  status->file = key_.file;
  status->language = key_.language;
  status->interval = interval_;
  status->limit = spec_.limit;
  status->evaluation_time = evaluation_time_;
  status->last_evaluation = last_evaluation_;
  for (const Rule& rule : rules_) {
    RuleStatus& out = status->rules.emplace_back();
    out.alerting = rule.alerting != nullptr;
    out.name = rule.spec.name();
    out.query = rule.spec.canonical;
    out.hold = rule.spec.hold;
    out.keep_firing = rule.spec.keep_firing;
    out.labels = rule.spec.labels;
    out.annotations = rule.spec.annotations;
    if (rule.alerting != nullptr) out.alerts = rule.alerting->Statuses();
    out.health = rule.health;
    out.last_error = rule.last_error;
    out.evaluation_time = rule.evaluation_time;
    out.last_evaluation = rule.last_evaluation;
  }
  absl::MutexLock lock(&status_mutex_);
  status_ = std::move(status);
}

std::shared_ptr<const RuleGroupStatus> RuleGroup::Status() const {
  absl::MutexLock lock(&status_mutex_);
  return status_;
}

}  // namespace tidegate::control
