#include "control/rule_tests/rule_test_world.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "model/duration_text.h"

namespace tidegate::control {
namespace {

const char kTenant[] = "default";

model::Labels LabelsOf(const TextMap& texts) {
  return model::Labels(
      std::vector<std::pair<std::string, std::string>>(texts.begin(), texts.end()));
}

}  // namespace

RuleTestWorld::RuleTestWorld(const RuleTestGroup* test, const std::vector<TestedGroup>& groups)
    : test_(*test),
      service_(query::CreateQueryService({}, &source_, &tenants_, &clock_)),
      queries_(service_.get(), nullptr, absl::Minutes(2)) {
  environment_.queries = &queries_;
  environment_.writer = this;
  environment_.default_interval = test_.interval;
  environment_.external_url = test_.external_url;
  for (const TestedGroup& group : groups) {
    groups_.push_back(std::make_unique<RuleGroup>(
        RuleGroupKey{kTenant, group.file, group.spec.name, group.spec.language}, group.spec,
        LabelsOf(test_.external_labels), /*restore=*/false, &environment_));
  }
}

absl::Status RuleTestWorld::ReadInput() {
  for (const InputSeries& input : test_.input) {
    auto series = query::ParseNotatedSeries(input.series, input.values);
    if (!series.ok()) {
      return absl::InvalidArgumentError(
          fmt::format("series {}: {}", input.series, std::string(series.status().message())));
    }
    input_.push_back(*std::move(series));
  }
  return absl::OkStatus();
}

void RuleTestWorld::AddInput(absl::Duration until) {
  for (; static_cast<int64_t>(next_value_) * test_.interval <= until; ++next_value_) {
    bool any_left = false;
    for (const query::NotatedSeries& series : input_) {
      any_left |= next_value_ < series.values.size();
      if (next_value_ >= series.values.size() || !series.values[next_value_]) continue;
      storage::LoadedSample sample;
      sample.timestamp =
          absl::ToUnixMillis(test_.start + static_cast<int64_t>(next_value_) * test_.interval);
      const query::NotatedValue& value = *series.values[next_value_];
      sample.value = value.number;
      if (value.histogram != nullptr) sample.histogram = *value.histogram;
      source_.Add(series.labels, sample);
    }
    if (!any_left) return;
  }
}

absl::Status RuleTestWorld::Write(const std::string&, const std::vector<RuleSample>& samples) {
  for (const RuleSample& sample : samples) {
    storage::LoadedSample stored;
    stored.timestamp = sample.timestamp;
    stored.value = sample.value;
    if (sample.histogram != nullptr) stored.histogram = *sample.histogram;
    source_.Add(sample.labels, stored);
  }
  return absl::OkStatus();
}

std::vector<std::string> RuleTestWorld::EvaluateAt(absl::Duration time) {
  AddInput(time);
  std::vector<std::string> failures;
  for (const auto& group : groups_) {
    group->Evaluate(test_.start + time);
    for (const RuleStatus& rule : group->Status()->rules) {
      if (rule.last_error.empty()) continue;
      failures.push_back(fmt::format("rule: {}, time: {}, err: {}", rule.name,
                                     model::DurationText(absl::ToInt64Milliseconds(time)),
                                     rule.last_error));
    }
  }
  return failures;
}

std::vector<AlertStatus> RuleTestWorld::Firing(const std::string& alertname) const {
  std::vector<AlertStatus> firing;
  for (const auto& group : groups_) {
    for (const RuleStatus& rule : group->Status()->rules) {
      if (!rule.alerting || rule.name != alertname) continue;
      std::copy_if(rule.alerts.begin(), rule.alerts.end(), std::back_inserter(firing),
                   [](const AlertStatus& alert) { return alert.state == AlertState::kFiring; });
    }
  }
  return firing;
}

absl::StatusOr<std::vector<RuleSample>> RuleTestWorld::Query(const std::string& expr,
                                                             absl::Duration time) {
  return queries_.Instant(
      {kTenant, query::RuleLanguage::kPromQl, expr, test_.start + time, absl::ZeroDuration()});
}

}  // namespace tidegate::control
