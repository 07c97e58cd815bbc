#include "control/rules/schedule/rule_runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "control/rules/schedule/simulation.h"
#include "model/metrics/metrics_registry.h"

namespace tidegate::control {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const model::Labels kUp{{"__name__", "up"}, {"instance", "a"}, {"job", "node"}};

class RunnerTest : public testing::Test {
 protected:
  // A sample of `up` each 15 s.
  void Load(absl::Duration from, absl::Duration until, double value) {
    for (absl::Duration at = from; at < until; at += absl::Seconds(15)) {
      simulation_.Add(kUp, at, value);
    }
  }

  std::vector<double> Values(const std::string& expr) {
    std::vector<double> values;
    for (const RuleSample& sample : simulation_.Query(expr)) values.push_back(sample.value);
    return values;
  }

  const RuleStatus& Rule(size_t index) {
    groups_ = simulation_.Groups();
    return groups_[0]->rules[index];
  }

  Simulation simulation_;
  RuleGroupStatuses groups_;
};

TEST_F(RunnerTest, RulesOfAGroupSeeWhatTheOnesBeforeWrote) {
  Load(absl::Seconds(0), absl::Minutes(10), 2);
  simulation_.SetRules(R"(groups:
- name: g
  interval: 30s
  labels: {team: x}
  rules:
  - record: a
    expr: up * 10
    labels: {more: y}
  - record: b
    expr: a + 1
)");
  simulation_.RunUntil(absl::Seconds(31));
  EXPECT_THAT(Values("a"), ElementsAre(20));
  EXPECT_THAT(Values("b"), ElementsAre(21));
  EXPECT_EQ(
      simulation_.Query("a")[0].labels,
      (model::Labels{
          {"__name__", "a"}, {"instance", "a"}, {"job", "node"}, {"more", "y"}, {"team", "x"}}));
  EXPECT_EQ(Rule(0).health, RuleHealth::kGood);
  EXPECT_EQ(Rule(0).query, "up * 10");
}

// Points of a group of 10 s: how many samples of `a` there are.
constexpr std::string_view kEveryTenSeconds =
    "groups: [{name: g, interval: 10s, rules: [{record: a, expr: vector(time())}]}]";

TEST_F(RunnerTest, WhatAnEarlierProcessLeftIsEvaluatedAtItsOwnTime) {
  simulation_.SetRules(kEveryTenSeconds);
  simulation_.RunUntil(absl::Seconds(60));
  EXPECT_EQ(simulation_.runner().DoneUntil(), Simulation::Start() + absl::Seconds(60));
  simulation_.Skip(absl::Seconds(40));
  simulation_.Restart(
      {Simulation::Start() + absl::Seconds(60), Simulation::Start() + absl::Seconds(100)});
  simulation_.SetRules(kEveryTenSeconds);
  EXPECT_LT(simulation_.runner().DoneUntil(), Simulation::Start() + absl::Seconds(70));
  simulation_.RunUntil(absl::Seconds(120));
  EXPECT_THAT(Values("count_over_time(a[2m])"), ElementsAre(12));
  // Each is what it would have been.
  EXPECT_THAT(Values("count_over_time((a == timestamp(a))[2m:1s]) > 0"), SizeIs(1));
  EXPECT_THAT(Values("max_over_time((a - timestamp(a))[2m:1s])"), ElementsAre(0));
}

TEST_F(RunnerTest, BehindALongOutageEvaluationGoesOnNow) {
  simulation_.SetRules(kEveryTenSeconds);
  simulation_.RunUntil(absl::Seconds(50));
  simulation_.Skip(absl::Minutes(3));
  // One point of the last process is left.
  simulation_.Restart(
      {Simulation::Start() + absl::Seconds(50), Simulation::Start() + absl::Seconds(60)});
  simulation_.SetRules(kEveryTenSeconds);
  simulation_.RunUntil(absl::Seconds(250));
  EXPECT_THAT(Values("count_over_time(a[5m])"), ElementsAre(5 + 1 + 2));
}

TEST_F(RunnerTest, PointsWaitForAnIngesterThatDoesNotAnswer) {
  simulation_.SetRules(kEveryTenSeconds);
  simulation_.RunUntil(absl::Seconds(30));
  simulation_.FailWrites(absl::UnavailableError("away"));
  simulation_.RunUntil(absl::Seconds(75));
  EXPECT_THAT(Values("count_over_time(a[2m])"), ElementsAre(3));
  EXPECT_LT(simulation_.runner().DoneUntil(), Simulation::Start() + absl::Seconds(40));
  simulation_.FailWrites(absl::OkStatus());
  simulation_.RunUntil(absl::Seconds(80));
  EXPECT_THAT(Values("count_over_time(a[2m])"), ElementsAre(8));
  EXPECT_EQ(simulation_.runner().DoneUntil(), Simulation::Start() + absl::Seconds(80));
}

TEST_F(RunnerTest, PointsDoNotWaitForEver) {
  simulation_.SetRules(kEveryTenSeconds);
  simulation_.RunUntil(absl::Seconds(30));
  simulation_.FailWrites(absl::UnavailableError("away"));
  simulation_.RunUntil(absl::Seconds(30 + 100));
  simulation_.FailWrites(absl::OkStatus());
  simulation_.RunUntil(absl::Seconds(30 + 110));
  // Three before; of the eleven behind those that were older than a minute are lost.
  EXPECT_THAT(Values("count_over_time(a[5m])"), ElementsAre(3 + 7));
}

TEST_F(RunnerTest, OtherErrorsLoseThePoint) {
  simulation_.SetRules(kEveryTenSeconds);
  simulation_.RunUntil(absl::Seconds(30));
  simulation_.FailWrites(absl::InvalidArgumentError("no"));
  simulation_.RunUntil(absl::Seconds(50));
  simulation_.FailWrites(absl::OkStatus());
  simulation_.RunUntil(absl::Seconds(60));
  EXPECT_THAT(Values("count_over_time(a[2m])"), ElementsAre(4));
}

TEST_F(RunnerTest, SeriesThatVanishEndAtOnce) {
  Load(absl::Seconds(0), absl::Minutes(10), 1);
  simulation_.SetRules(R"(groups:
- name: g
  interval: 30s
  rules:
  - record: a
    expr: up and on () (vector(time()) < 1600000320)
)");
  simulation_.RunUntil(absl::Seconds(110));
  EXPECT_THAT(Values("a"), SizeIs(1));
  simulation_.RunUntil(absl::Seconds(155));
  EXPECT_THAT(Values("a"), IsEmpty());
}

TEST_F(RunnerTest, SeriesOfRulesThatAreGoneEnd) {
  Load(absl::Seconds(0), absl::Minutes(10), 1);
  constexpr std::string_view kTwo = R"(groups:
- name: g
  interval: 30s
  rules:
  - {record: a, expr: up}
  - {record: b, expr: up}
)";
  simulation_.SetRules(kTwo);
  simulation_.RunUntil(absl::Minutes(1));
  EXPECT_THAT(Values("b"), SizeIs(1));
  simulation_.SetRules(
      "groups:\n- name: g\n  interval: 30s\n  rules:\n  - {record: a, expr: up}\n");
  simulation_.RunUntil(absl::Seconds(95));
  EXPECT_THAT(Values("a"), SizeIs(1));
  EXPECT_THAT(Values("b"), IsEmpty());
}

TEST_F(RunnerTest, SeriesOfGroupsThatAreGoneEndTwoIntervalsLater) {
  Load(absl::Seconds(0), absl::Minutes(10), 1);
  simulation_.SetRules(
      "groups:\n- name: g\n  interval: 30s\n  rules:\n  - {record: a, expr: up}\n");
  simulation_.RunUntil(absl::Minutes(1));
  simulation_.SetRules("groups: []\n");
  EXPECT_THAT(simulation_.Groups(), IsEmpty());
  EXPECT_TRUE(simulation_.runner().IsRetiring());
  simulation_.RunUntil(absl::Seconds(115));
  EXPECT_THAT(Values("a"), SizeIs(1));
  simulation_.RunUntil(absl::Seconds(121));
  EXPECT_FALSE(simulation_.runner().IsRetiring());
  EXPECT_THAT(Values("a"), IsEmpty());
}

TEST_F(RunnerTest, AChangedGroupKeepsTheAlertsOfItsOtherRules) {
  Load(absl::Seconds(0), absl::Minutes(10), 0);
  const std::string down = R"(groups:
- name: g
  interval: 30s
  rules:
  - alert: Down
    expr: up == 0
    for: 2m
)";
  simulation_.SetRules(down);
  simulation_.RunUntil(absl::Minutes(1));
  const absl::Time active_at = simulation_.Alerts()[0].active_at;
  simulation_.SetRules(down + "  - {record: a, expr: up}\n");
  simulation_.RunUntil(absl::Minutes(2));
  EXPECT_EQ(simulation_.Alerts()[0].active_at, active_at);
  EXPECT_EQ(simulation_.Alerts()[0].state, AlertState::kPending);
  simulation_.RunUntil(absl::Minutes(3));
  EXPECT_EQ(simulation_.Alerts()[0].state, AlertState::kFiring);
}

TEST_F(RunnerTest, AQueryOffsetMovesTheSamples) {
  Load(absl::Seconds(0), absl::Minutes(10), 1);
  simulation_.SetRules(R"(groups:
- name: g
  interval: 30s
  query_offset: 2m
  rules:
  - {record: a, expr: up}
)");
  simulation_.RunUntil(absl::Minutes(2));
  EXPECT_THAT(Values("a"), IsEmpty());
  simulation_.RunUntil(absl::Minutes(3));
  ASSERT_THAT(Values("a"), SizeIs(1));
  EXPECT_LE(Values("timestamp(a)")[0],
            static_cast<double>(absl::ToUnixSeconds(Simulation::Start())) + 60);
}

TEST_F(RunnerTest, MistakesAreShownAndTheOthersGoOn) {
  Load(absl::Seconds(0), absl::Minutes(10), 1);
  simulation_.Add(model::Labels{{"__name__", "up"}, {"instance", "b"}}, absl::Seconds(0), 1);
  simulation_.SetRules(R"(groups:
- name: g
  interval: 30s
  limit: 1
  rules:
  - {record: a, expr: up}
  - {record: b, expr: "up + on () group_left () up"}
  - {record: c, expr: sum(up)}
)");
  simulation_.RunUntil(absl::Seconds(31));
  EXPECT_EQ(Rule(0).health, RuleHealth::kBad);
  EXPECT_EQ(Rule(0).last_error, "exceeded limit of 1 with 2 series");
  EXPECT_THAT(Rule(1).last_error, HasSubstr("duplicate series"));
  EXPECT_EQ(Rule(2).health, RuleHealth::kGood);
  EXPECT_THAT(Values("c"), ElementsAre(2));
}

TEST_F(RunnerTest, ARuleWhoseSamplesAreNotStoredFails) {
  Load(absl::Seconds(0), absl::Minutes(10), 1);
  simulation_.FailWrites(absl::UnavailableError("the disk is full"));
  simulation_.SetRules(
      "groups:\n- name: g\n  interval: 30s\n  rules:\n  - {record: a, expr: up}\n");
  simulation_.RunUntil(absl::Seconds(31));
  EXPECT_EQ(Rule(0).health, RuleHealth::kBad);
  EXPECT_EQ(Rule(0).last_error, "the disk is full");
}

TEST_F(RunnerTest, MissedEvaluationsAreCountedAndNotMadeUpFor) {
  auto registry = std::make_shared<model::MetricsRegistry>();
  RuleMetrics metrics(registry.get());
  simulation_.environment().metrics = &metrics;
  Load(absl::Seconds(0), absl::Minutes(10), 1);
  simulation_.SetRules(
      "groups:\n- name: g\n  interval: 30s\n  rules:\n  - {record: a, expr: up}\n");
  simulation_.RunUntil(absl::Seconds(61));
  simulation_.Skip(absl::Seconds(100));
  simulation_.RunUntil(absl::Seconds(200));
  double due = 0;
  double missed = 0;
  double evaluated = 0;
  for (const auto& family : registry->Collect()) {
    for (const auto& metric : family.metric) {
      if (family.name == "tidegate_rule_group_iterations_total") due = metric.counter.value;
      if (family.name == "tidegate_rule_group_iterations_missed_total") {
        missed = metric.counter.value;
      }
      if (family.name == "tidegate_rule_evaluations_total") evaluated = metric.counter.value;
    }
  }
  EXPECT_NEAR(due, 200 / 30, 1);
  EXPECT_GE(missed, 2);
  EXPECT_LE(missed, 3);
  EXPECT_EQ(evaluated, due - missed);
  simulation_.environment().metrics = nullptr;
}

TEST_F(RunnerTest, ThreadsEvaluateBesideEachOther) {
  Load(absl::Seconds(0), absl::Minutes(10), 1);
  std::atomic<int> evaluated{0};
  class Counting final : public RuleQueries {
   public:
    explicit Counting(std::atomic<int>* count) : count_(*count) {}
    absl::StatusOr<std::vector<RuleSample>> Instant(const RuleQuery&) override {
      ++count_;
      return std::vector<RuleSample>();
    }

   private:
    std::atomic<int>& count_;
  } queries(&evaluated);
  RuleEnvironment environment;
  environment.queries = &queries;
  const model::SystemClock clock;
  RuleSpec rule;
  rule.record = rule.expr = rule.canonical = "a";
  RuleGroupSpec spec;
  spec.interval = absl::Milliseconds(20);
  spec.rules = {rule};
  std::vector<RunnableGroup> groups;
  for (int i = 0; i < 8; ++i) {
    spec.name = std::to_string(i);
    groups.push_back({{"default", "f", spec.name}, spec, {}});
  }
  RuleRunner runner(&environment, &clock, 2);
  runner.SetGroups(groups);
  const absl::Time deadline = absl::Now() + absl::Seconds(20);
  while (evaluated < 40 && absl::Now() < deadline) absl::SleepFor(absl::Milliseconds(5));
  groups.resize(1);
  groups[0].spec.limit = 5;
  runner.SetGroups(groups);
  EXPECT_GE(evaluated, 40);
  EXPECT_EQ(runner.Statuses("default").size(), 1u);
}

}  // namespace
}  // namespace tidegate::control
