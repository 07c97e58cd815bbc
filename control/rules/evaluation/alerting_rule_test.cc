#include "control/rules/evaluation/alerting_rule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "control/rules/evaluation/recording_rule.h"

namespace tidegate::control {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const absl::Time kZero = absl::FromUnixSeconds(1'600'000'000);

RuleSpec Spec(absl::Duration hold = absl::Minutes(1)) {
  RuleSpec spec;
  spec.alert = "Down";
  spec.expr = spec.canonical = "up == 0";
  spec.hold = hold;
  spec.labels = {{"severity", "page"}, {"job", ""}};
  spec.annotations = {{"summary", "{{ $labels.instance }}: {{ $value }}"}};
  return spec;
}

RuleSample Sample(std::string_view instance, double value = 0) {
  return {model::Labels{{"__name__", "up"}, {"instance", instance}, {"job", "node"}}, 0, value,
          nullptr};
}

absl::Status Take(AlertingRule* rule, absl::Duration at, std::vector<RuleSample> result,
                  uint64_t limit = 0) {
  return rule->Take(result, kZero + at, limit, {});
}

AlertState StateOf(const AlertingRule& rule) {
  const auto statuses = rule.Statuses();
  return statuses.empty() ? AlertState::kInactive : statuses[0].state;
}

TEST(AlertingRule, WaitsThenFiresThenIsOver) {
  AlertingRule rule(Spec(), true);
  ASSERT_TRUE(Take(&rule, absl::Seconds(0), {Sample("a")}).ok());
  EXPECT_EQ(StateOf(rule), AlertState::kPending);
  EXPECT_THAT(rule.TakeDue(kZero, absl::Minutes(1), absl::Seconds(30)), IsEmpty());
  ASSERT_TRUE(Take(&rule, absl::Seconds(59), {Sample("a")}).ok());
  EXPECT_EQ(StateOf(rule), AlertState::kPending);
  ASSERT_TRUE(Take(&rule, absl::Seconds(60), {Sample("a", 7)}).ok());
  EXPECT_EQ(StateOf(rule), AlertState::kFiring);
  EXPECT_EQ(rule.Statuses()[0].active_at, kZero);
  EXPECT_EQ(rule.Statuses()[0].annotations.at("summary"), "a: 7");
  ASSERT_TRUE(Take(&rule, absl::Seconds(90), {}).ok());
  EXPECT_THAT(rule.Statuses(), IsEmpty());
}

TEST(AlertingRule, LabelsAreTheSamplesWithTheRulesOnTop) {
  AlertingRule rule(Spec(), true);
  ASSERT_TRUE(Take(&rule, absl::Seconds(0), {Sample("a")}).ok());
  EXPECT_EQ(rule.Statuses()[0].labels,
            (model::Labels{{"alertname", "Down"}, {"instance", "a"}, {"severity", "page"}}));
}

TEST(AlertingRule, WritesWhatIsPendingOrFiring) {
  AlertingRule rule(Spec(), true);
  ASSERT_TRUE(Take(&rule, absl::Seconds(0), {Sample("a")}).ok());
  const std::vector<RuleSample> samples = rule.Samples(5);
  ASSERT_THAT(samples, SizeIs(2));
  EXPECT_EQ(samples[0].labels.metric_name(), "ALERTS_FOR_STATE");
  EXPECT_EQ(samples[0].value, 1'600'000'000);
  EXPECT_EQ(samples[0].labels.Get("alertstate"), "");
  EXPECT_EQ(samples[1].labels.metric_name(), "ALERTS");
  EXPECT_EQ(samples[1].labels.Get("alertstate"), "pending");
  EXPECT_EQ(samples[1].value, 1);
  EXPECT_EQ(samples[1].timestamp, 5);
}

TEST(AlertingRule, WritesNothingBeforeItIsRestored) {
  AlertingRule rule(Spec(), false);
  ASSERT_TRUE(Take(&rule, absl::Seconds(0), {Sample("a")}).ok());
  EXPECT_THAT(rule.Samples(5), IsEmpty());
  rule.Restored();
  EXPECT_THAT(rule.Samples(5), SizeIs(2));
}

TEST(AlertingRule, IsToldAgainAfterTheDelayAndOnceItIsOver) {
  AlertingRule rule(Spec(absl::ZeroDuration()), true);
  const auto due = [&](absl::Duration at) {
    return rule.TakeDue(kZero + at, absl::Minutes(1), absl::Seconds(30)).size();
  };
  ASSERT_TRUE(Take(&rule, absl::Seconds(0), {Sample("a")}).ok());
  EXPECT_EQ(due(absl::Seconds(0)), 1u);
  EXPECT_EQ(due(absl::Seconds(30)), 0u);
  EXPECT_EQ(due(absl::Seconds(60)), 0u);
  EXPECT_EQ(due(absl::Seconds(90)), 1u);
  ASSERT_TRUE(Take(&rule, absl::Seconds(120), {}).ok());
  const std::vector<Alert> over =
      rule.TakeDue(kZero + absl::Seconds(120), absl::Minutes(1), absl::Seconds(30));
  ASSERT_THAT(over, SizeIs(1));
  EXPECT_EQ(over[0].resolved_at, kZero + absl::Seconds(120));
  EXPECT_EQ(due(absl::Seconds(210)), 1u);
  ASSERT_TRUE(Take(&rule, absl::Seconds(120) + absl::Minutes(15), {}).ok());
  EXPECT_EQ(rule.active().size(), 1u);
  ASSERT_TRUE(Take(&rule, absl::Seconds(121) + absl::Minutes(15), {}).ok());
  EXPECT_THAT(rule.active(), IsEmpty());
}

TEST(AlertingRule, KeepsFiringForAWhile) {
  RuleSpec spec = Spec(absl::ZeroDuration());
  spec.keep_firing = absl::Minutes(2);
  AlertingRule rule(spec, true);
  ASSERT_TRUE(Take(&rule, absl::Seconds(0), {Sample("a")}).ok());
  ASSERT_TRUE(Take(&rule, absl::Minutes(1), {}).ok());
  EXPECT_EQ(StateOf(rule), AlertState::kFiring);
  EXPECT_EQ(rule.Statuses()[0].keep_firing_since, kZero + absl::Minutes(1));
  ASSERT_TRUE(Take(&rule, absl::Minutes(2), {Sample("a")}).ok());
  EXPECT_EQ(rule.Statuses()[0].keep_firing_since, absl::InfinitePast());
  ASSERT_TRUE(Take(&rule, absl::Minutes(3), {}).ok());
  ASSERT_TRUE(Take(&rule, absl::Seconds(299), {}).ok());
  EXPECT_EQ(StateOf(rule), AlertState::kFiring);
  ASSERT_TRUE(Take(&rule, absl::Minutes(5), {}).ok());
  EXPECT_EQ(StateOf(rule), AlertState::kInactive);
}

TEST(AlertingRule, ComesBackAsANewAlert) {
  AlertingRule rule(Spec(absl::ZeroDuration()), true);
  ASSERT_TRUE(Take(&rule, absl::Minutes(0), {Sample("a")}).ok());
  ASSERT_TRUE(Take(&rule, absl::Minutes(1), {}).ok());
  ASSERT_TRUE(Take(&rule, absl::Minutes(2), {Sample("a")}).ok());
  EXPECT_EQ(rule.Statuses()[0].active_at, kZero + absl::Minutes(2));
  EXPECT_EQ(rule.active().begin()->second.resolved_at, absl::InfinitePast());
}

TEST(AlertingRule, RefusesTwiceTheSameAlertAndTooMany) {
  AlertingRule rule(Spec(), true);
  RuleSample other = Sample("a");
  other.labels = model::Labels{{"__name__", "up2"}, {"instance", "a"}};
  EXPECT_EQ(Take(&rule, absl::Seconds(0), {Sample("a"), other}).message(),
            "vector contains metrics with the same labelset after applying alert labels");
  EXPECT_EQ(Take(&rule, absl::Seconds(0), {Sample("a"), Sample("b")}, 1).message(),
            "exceeded limit of 1 with 2 alerts");
  EXPECT_THAT(rule.active(), IsEmpty());
}

TEST(AlertingRule, ShowsWhatIsWrongWithATemplate) {
  RuleSpec spec = Spec();
  spec.annotations = {{"summary", "{{ .Nothing }}"}};
  AlertingRule rule(spec, true);
  ASSERT_TRUE(Take(&rule, absl::Seconds(0), {Sample("a")}).ok());
  EXPECT_THAT(rule.Statuses()[0].annotations.at("summary"),
              testing::StartsWith("<error expanding template: error executing template "));
}

TEST(Recorded, CarriesNameAndLabels) {
  RuleSpec spec;
  spec.record = "job:up";
  spec.labels = {{"a", "b"}, {"job", ""}};
  const auto samples = Recorded(spec, {Sample("x", 3)}, 7, 0);
  ASSERT_TRUE(samples.ok());
  EXPECT_EQ((*samples)[0].labels,
            (model::Labels{{"__name__", "job:up"}, {"a", "b"}, {"instance", "x"}}));
  EXPECT_EQ((*samples)[0].timestamp, 7);
  EXPECT_EQ((*samples)[0].value, 3);
}

TEST(Recorded, RefusesTwiceTheSameSeriesAndTooMany) {
  RuleSpec spec;
  spec.record = "r";
  spec.labels = {{"instance", ""}};
  EXPECT_EQ(Recorded(spec, {Sample("a"), Sample("b")}, 0, 0).status().message(),
            "vector contains metrics with the same labelset after applying rule labels");
  spec.labels = {};
  EXPECT_EQ(Recorded(spec, {Sample("a"), Sample("b")}, 0, 1).status().message(),
            "exceeded limit of 1 with 2 series");
}

}  // namespace
}  // namespace tidegate::control
