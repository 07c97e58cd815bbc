#include "control/rules/evaluation/alerting_rule.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <string_view>

namespace tidegate::control {
namespace {

constexpr std::string_view kAlertName = "alertname";

using Templates = std::vector<std::pair<std::string, query::RuleTemplate>>;

Templates CompileAll(const std::string& alert, const TextMap& texts) {
  Templates templates;
  for (const auto& [name, text] : texts) {
    absl::StatusOr<query::RuleTemplate> compiled =
        query::RuleTemplate::Compile("__alert_" + alert, text);
    if (compiled.ok()) templates.emplace_back(name, *std::move(compiled));
  }
  return templates;
}

// An alert with a bad text is better than none.
std::string Rendered(const query::RuleTemplate& text, const query::RuleTemplateData& data) {
  absl::StatusOr<std::string> rendered = text.Render(data);
  if (rendered.ok()) return *std::move(rendered);
  return fmt::format("<error expanding template: {}>", std::string(rendered.status().message()));
}

const char* StateName(AlertState state) {
  switch (state) {
    case AlertState::kPending:
      return "pending";
    case AlertState::kFiring:
      return "firing";
    case AlertState::kInactive:
      break;
  }
  return "inactive";
}

bool NeedsSending(const Alert& alert, absl::Time time, absl::Duration resend_delay) {
  if (alert.state == AlertState::kPending) return false;
  if (alert.resolved_at > alert.last_sent_at) return true;
  return alert.last_sent_at + resend_delay < time;
}

}  // namespace

AlertingRule::AlertingRule(const RuleSpec& spec, bool restored)
    : spec_(spec),
      labels_(CompileAll(spec.alert, spec.labels)),
      annotations_(CompileAll(spec.alert, spec.annotations)),
      restored_(restored) {}

absl::Status AlertingRule::Expand(const std::vector<RuleSample>& result, absl::Time time,
                                  const AlertSurroundings& surroundings,
                                  std::map<std::string, Alert>* alerts) const {
  query::RuleTemplateData data;
  data.external_labels = &surroundings.external_labels;
  data.external_url = surroundings.external_url;
  data.timestamp = absl::ToUnixMillis(time);
  data.query = surroundings.query;
  for (const RuleSample& sample : result) {
    data.labels = &sample.labels;
    data.value = sample.value;
    model::LabelsBuilder builder{sample.labels};
    builder.Erase(model::kMetricNameLabel);
    for (const auto& [name, text] : labels_) builder.Set(name, Rendered(text, data));
    builder.Set(kAlertName, spec_.alert);
    Alert alert;
    for (const auto& [name, text] : annotations_) alert.annotations[name] = Rendered(text, data);
    alert.labels = builder.Build();
    alert.value = sample.value;
    alert.active_at = time;
    std::string key(alert.labels.bytes());
    if (alerts->emplace(std::move(key), std::move(alert)).second) continue;
    return absl::InvalidArgumentError(
        "vector contains metrics with the same labelset after applying alert labels");
  }
  return absl::OkStatus();
}

bool AlertingRule::Leave(absl::Time time, Alert* alert) const {
  if (alert->state == AlertState::kFiring && spec_.keep_firing > absl::ZeroDuration()) {
    if (alert->keep_firing_since == absl::InfinitePast()) alert->keep_firing_since = time;
    if (time - alert->keep_firing_since < spec_.keep_firing) return true;
  }
  if (alert->state == AlertState::kPending) return false;
  const bool was_resolved = alert->state == AlertState::kInactive;
  if (was_resolved) return time - alert->resolved_at <= kResolvedRetention;
  alert->state = AlertState::kInactive;
  alert->resolved_at = time;
  return true;
}

absl::Status AlertingRule::Take(const std::vector<RuleSample>& result, absl::Time time,
                                uint64_t limit, const AlertSurroundings& surroundings) {
  std::map<std::string, Alert> found;
  absl::Status status = Expand(result, time, surroundings, &found);
  if (!status.ok()) return status;
  for (auto& [key, alert] : found) {
    const auto known = active_.find(key);
    if (known != active_.end() && known->second.state != AlertState::kInactive) {
      known->second.value = alert.value;
      known->second.annotations = std::move(alert.annotations);
    } else {
      active_[key] = std::move(alert);
    }
  }
  uint64_t count = 0;
  for (auto next = active_.begin(); next != active_.end();) {
    const auto at = next++;
    Alert& alert = at->second;
    if (found.contains(at->first)) {
      alert.keep_firing_since = absl::InfinitePast();
    } else if (!Leave(time, &alert)) {
      active_.erase(at);
      continue;
    }
    if (alert.state == AlertState::kInactive) continue;
    ++count;
    if (alert.state == AlertState::kPending && time - alert.active_at >= spec_.hold) {
      alert.state = AlertState::kFiring;
      alert.fired_at = time;
    }
  }
  if (limit == 0 || count <= limit) return absl::OkStatus();
  active_.clear();
  return absl::InvalidArgumentError(
      fmt::format("exceeded limit of {} with {} alerts", limit, count));
}

std::vector<RuleSample> AlertingRule::Samples(model::TimestampMs timestamp) const {
  std::vector<RuleSample> samples;
  if (!restored_) return samples;
  for (const auto& [key, alert] : active_) {
    if (alert.state == AlertState::kInactive) continue;
    model::LabelsBuilder builder{alert.labels};
    builder.Set(model::kMetricNameLabel, "ALERTS_FOR_STATE");
    samples.push_back({builder.Build(), timestamp,
                       static_cast<double>(absl::ToUnixSeconds(alert.active_at)), nullptr});
    builder.Set(model::kMetricNameLabel, "ALERTS");
    builder.Set("alertstate", StateName(alert.state));
    samples.push_back({builder.Build(), timestamp, 1, nullptr});
  }
  return samples;
}

std::vector<Alert> AlertingRule::TakeDue(absl::Time time, absl::Duration resend_delay,
                                         absl::Duration interval) {
  std::vector<Alert> due;
  for (auto& [key, alert] : active_) {
    if (!NeedsSending(alert, time, resend_delay)) continue;
    alert.last_sent_at = time;
    // So long that three evaluations may fail without a resolution that was none.
    alert.valid_until = time + 4 * std::max(resend_delay, interval);
    due.push_back(alert);
  }
  return due;
}

std::vector<AlertStatus> AlertingRule::Statuses() const {
  std::vector<AlertStatus> statuses;
  for (const auto& [key, alert] : active_) {
    if (alert.state == AlertState::kInactive) continue;
    statuses.push_back({alert.labels, alert.annotations, alert.state, alert.active_at,
                        alert.keep_firing_since, alert.value});
  }
  return statuses;
}

}  // namespace tidegate::control
