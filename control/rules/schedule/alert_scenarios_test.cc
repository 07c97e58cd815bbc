// The scenarios of the alert generator compliance suite (prometheus/compliance), in simulated time:
// samples each 15 s, groups each 30 s, alerts told again after a minute.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "control/rules/schedule/simulation.h"

namespace tidegate::control {
namespace {

constexpr absl::Duration kSample = absl::Seconds(15);
constexpr absl::Duration kInterval = absl::Seconds(30);
constexpr absl::Duration kResend = absl::Minutes(1);

// A value that stays for some samples.
struct Stretch {
  double value;
  int samples;
};

class AlertScenario : public testing::Test {
 protected:
  // Of a scenario's rule.
  model::Labels Source(const std::string& group, const std::string& rule,
                       const std::string& variant = "") const {
    return model::Labels{{"__name__", "source"},
                         {"alertname", group + "_" + rule},
                         {"rulegroup", group},
                         {"variant", variant}};
  }

  void Load(const model::Labels& labels, const std::vector<Stretch>& stretches) {
    int index = 0;
    for (const Stretch& stretch : stretches) {
      for (int i = 0; i < stretch.samples; ++i) {
        simulation_.Add(labels, index++ * kSample, stretch.value);
      }
    }
  }

  static absl::Duration At(int sample) { return sample * kSample; }

  // Runs until just before the sample; `expect` holds from one interval behind the start on, when
  // each evaluation has seen the sample there.
  template <typename Expect>
  void During(int from, int until, const Expect& expect) {
    simulation_.RunUntil(At(from) + kInterval);
    simulation_.RunUntil(At(until) - absl::Seconds(1), expect);
  }

  // The states of a rule's alerts, as the API and the series show them.
  std::vector<AlertState> States(size_t rule) {
    std::vector<AlertState> states;
    for (const AlertStatus& alert : simulation_.Alerts(rule)) states.push_back(alert.state);
    return states;
  }

  size_t AlertSeries(const std::string& matchers) {
    return simulation_.Query("ALERTS{" + matchers + "}").size();
  }

  // Of one alert, between two times since the start.
  std::vector<SentAlert> SentBetween(const std::string& name, absl::Duration from,
                                     absl::Duration until) {
    std::vector<SentAlert> found;
    for (const SentAlert& sent : simulation_.sent()) {
      const absl::Duration at = sent.at - Simulation::Start();
      const bool named = sent.alert.labels.Get("alertname") == name;
      if (named && from <= at && at < until) found.push_back(sent);
    }
    return found;
  }

  // Told at once, then each time the delay is over and the group is evaluated.
  void ExpectTold(const std::vector<SentAlert>& sent, absl::Duration stretch) {
    ASSERT_FALSE(sent.empty());
    for (size_t i = 1; i < sent.size(); ++i) {
      EXPECT_GT(sent[i].at - sent[i - 1].at, kResend);
      EXPECT_LE(sent[i].at - sent[i - 1].at, kResend + kInterval);
    }
    EXPECT_GE(sent.size(), static_cast<size_t>(stretch / (kResend + kInterval)));
  }

  Simulation simulation_;
};

using S = AlertState;
using testing::ElementsAre;
using testing::IsEmpty;

TEST_F(AlertScenario, PendingAndFiringAndResolved) {
  Load(Source("G", "Simple"),
       {{3, 1}, {5, 3}, {9, 4}, {11, 13}, {15, 32}, {19, 16}, {9, 20}, {15, 45}, {8, 16}});
  simulation_.SetRules(R"(groups:
- name: G
  interval: 30s
  rules:
  - alert: G_Simple
    expr: '{__name__="source", alertname="G_Simple", rulegroup="G"} > 10'
    for: 6m
    labels: {foo: bar, rulegroup: G}
    annotations:
      description: SimpleAlert is firing
      summary: The value is {{$value}} {{.Value}}
)");
  const auto expect = [&](S state, const std::string& value, int active_at) {
    return [=, this] {
      ASSERT_THAT(States(0), ElementsAre(state)) << simulation_.now();
      const AlertStatus alert = simulation_.Alerts()[0];
      EXPECT_EQ(alert.labels,
                (model::Labels{{"alertname", "G_Simple"}, {"foo", "bar"}, {"rulegroup", "G"}}));
      EXPECT_EQ(alert.annotations.at("summary"), "The value is " + value + " " + value);
      EXPECT_GE(alert.active_at - Simulation::Start(), At(active_at));
      EXPECT_LT(alert.active_at - Simulation::Start(), At(active_at) + kInterval);
      EXPECT_EQ(AlertSeries("alertstate=\"pending\""), state == S::kPending ? 1u : 0u);
      EXPECT_EQ(AlertSeries("alertstate=\"firing\""), state == S::kFiring ? 1u : 0u);
    };
  };
  const auto inactive = [this] {
    EXPECT_THAT(States(0), IsEmpty()) << simulation_.now();
    EXPECT_EQ(AlertSeries(""), 0u);
  };
  During(0, 8, inactive);
  During(8, 21, expect(S::kPending, "11", 8));
  During(21, 32, expect(S::kPending, "15", 8));
  During(32, 53, expect(S::kFiring, "15", 8));
  During(53, 69, expect(S::kFiring, "19", 8));
  During(69, 89, inactive);
  During(89, 113, expect(S::kPending, "15", 89));
  During(113, 134, expect(S::kFiring, "15", 89));
  During(134, 150, inactive);

  EXPECT_THAT(SentBetween("G_Simple", At(0), At(32)), IsEmpty());
  const auto firing = SentBetween("G_Simple", At(32), At(69));
  ExpectTold(firing, At(69) - At(32));
  for (const SentAlert& sent : firing) {
    EXPECT_EQ(sent.alert.starts_at, firing[0].alert.starts_at);
    EXPECT_NEAR(absl::ToDoubleSeconds(sent.alert.ends_at - sent.at), 240, 1);
  }
  EXPECT_EQ(firing.back().alert.annotations.at("summary"), "The value is 19 19");
  const auto resolved = SentBetween("G_Simple", At(69) + kInterval, At(89));
  ExpectTold(resolved, At(89) - At(69) - kInterval);
  for (const SentAlert& sent : resolved) EXPECT_LE(sent.alert.ends_at, sent.at);
  // While it is pending again nobody is told.
  EXPECT_THAT(SentBetween("G_Simple", At(89) + kInterval, At(113)), IsEmpty());
  ExpectTold(SentBetween("G_Simple", At(113), At(134)), At(134) - At(113));
}

TEST_F(AlertScenario, PendingAndResolvedAndAlwaysInactive) {
  const std::vector<Stretch> samples = {{3, 1}, {5, 3}, {9, 4}, {11, 11}, {9, 1}};
  Load(Source("G", "Pending"), samples);
  Load(Source("G", "Inactive"), samples);
  simulation_.SetRules(R"(groups:
- name: G
  interval: 30s
  rules:
  - alert: G_Pending
    expr: '{__name__="source", alertname="G_Pending", rulegroup="G"} > 10'
    for: 3m
    labels: {foo: bar, rulegroup: G}
  - alert: G_Inactive
    expr: '{__name__="source", alertname="G_Inactive", rulegroup="G"} > 99'
    for: 3m
    labels: {ba_dum: tss, rulegroup: G}
)");
  const auto states = [this](std::vector<S> first) {
    return [=, this] {
      EXPECT_EQ(States(0), first) << simulation_.now();
      EXPECT_THAT(States(1), IsEmpty());
      EXPECT_EQ(AlertSeries(""), first.size());
    };
  };
  During(0, 8, states({}));
  During(8, 19, states({S::kPending}));
  During(19, 60, states({}));
  EXPECT_THAT(simulation_.sent(), IsEmpty());
}

TEST_F(AlertScenario, ZeroForAndSmallFor) {
  const std::vector<Stretch> samples = {{3, 1},  {5, 3},   {9, 4}, {15, 13},
                                        {9, 72}, {11, 13}, {9, 1}};
  Load(Source("G", "Zero"), samples);
  Load(Source("G", "Small"), samples);
  for (int i = 1; i <= 3; ++i) {
    Load(model::Labels{{"__name__", "source"},
                       {"rulegroup", "G"},
                       {"for", "template"},
                       {"id", std::to_string(100 + i)}},
         {{1.0 * i, 28}, {2.0 * i, 200}});
  }
  simulation_.SetRules(R"(groups:
- name: G
  interval: 30s
  rules:
  - alert: G_Zero
    expr: '{__name__="source", alertname="G_Zero", rulegroup="G"} > 10'
    labels: {foo: bar, rulegroup: G}
    annotations:
      queried: '{{ define "t" }}Args are: {{.arg0}} {{.arg1}} {{.arg2}}. {{ with query "source{rulegroup=''G'',for=''template''}" }}first_id:{{ . | sortByLabel "id" | first | label "id"}},{{ range $v := sortByLabel "id" .}}{{ . | label "id" }}:{{ . | value }},{{end}}{{end}}{{ end }}{{ template "t" (args "foo" "bar" 99) }}'
      printed: '{{humanize 1048576}} {{humanize1024 1048576}} {{humanizeDuration 135.3563}} {{humanizePercentage 0.959}} {{humanizeTimestamp 1643114203}}'
  - alert: G_Small
    expr: '{__name__="source", alertname="G_Small", rulegroup="G"} > 13'
    for: 15s
    labels: {ba_dum: tss, rulegroup: G}
    annotations:
      texts: '{{title "this part"}} {{toUpper "is testing"}} {{toLower "THE STRINGS"}}. {{ stripPort "[::1]:6006"}} {{ stripPort "127.0.0.1:4004"}}. {{parseDuration "2h10m15s"}}. {{if match "[0-9]+" "1234"}}{{reReplaceAll "r.*d" "replaced" "rpld text"}}{{end}}. {{if match "[0-9]+$" "1234a"}}WRONG{{end}}.'
)");
  const auto states = [this](std::vector<S> zero, std::vector<S> small) {
    return [=, this] {
      EXPECT_EQ(States(0), zero) << simulation_.now();
      EXPECT_EQ(States(1), small) << simulation_.now();
    };
  };
  During(0, 8, states({}, {}));
  simulation_.RunUntil(At(8) + kInterval);
  EXPECT_EQ(States(0), std::vector<S>{S::kFiring});
  EXPECT_EQ(States(1), std::vector<S>{S::kPending});
  During(10, 21, states({S::kFiring}, {S::kFiring}));
  EXPECT_EQ(simulation_.Alerts(0)[0].annotations.at("queried"),
            "Args are: foo bar 99. first_id:101,101:1,102:2,103:3,");
  EXPECT_EQ(simulation_.Alerts(0)[0].annotations.at("printed"),
            "1.049M 1Mi 2m 15s 95.9% 2022-01-25 12:36:43 +0000 UTC");
  EXPECT_EQ(simulation_.Alerts(1)[0].annotations.at("texts"),
            "This Part IS TESTING the strings. ::1 127.0.0.1. 7815. replaced text. .");
  During(21, 93, states({}, {}));
  During(93, 106, states({S::kFiring}, {}));
  EXPECT_EQ(simulation_.Alerts(0)[0].annotations.at("queried"),
            "Args are: foo bar 99. first_id:101,101:2,102:4,103:6,");
  During(106, 130, states({}, {}));

  // The small one is told about behind its second evaluation and not before.
  const auto small = SentBetween("G_Small", At(0), At(21));
  ExpectTold(small, At(21) - At(10));
  EXPECT_GE(small[0].at - Simulation::Start(), At(8) + kInterval);
  // Resolved alerts for 15 minutes and no longer.
  const auto resolved = SentBetween("G_Zero", At(21) + kInterval, At(93));
  ExpectTold(resolved, absl::Minutes(15) - kInterval);
  EXPECT_LE(resolved.back().at - Simulation::Start(), At(21) + absl::Minutes(15) + 2 * kInterval);
  ExpectTold(SentBetween("G_Zero", At(93), At(106)), At(106) - At(93));
}

TEST_F(AlertScenario, NewAlertsAndOrder) {
  Load(Source("G", "One", "one"), {{1, 8}, {11, 65}, {9, 21}});
  Load(Source("G", "One", "two"), {{1, 32}, {11, 33}, {9, 21}});
  simulation_.SetRules(R"(groups:
- name: G
  interval: 30s
  rules:
  - alert: G_One
    expr: '{__name__="source", alertname="G_One", rulegroup="G"} > 10'
    for: 3m
    labels: {foo: bar, rulegroup: G}
  - alert: G_Two
    expr: (ALERTS{alertstate="firing", alertname="G_One", foo="bar", rulegroup="G", variant="one"} + ignoring(variant) ALERTS{alertstate="firing", alertname="G_One", foo="bar", rulegroup="G", variant="two"}) == 2
    labels: {foo: baz, ba_dum: tss, rulegroup: G}
    annotations:
      description: Based on ALERTS. Old alertname was {{$labels.alertname}}. foo was {{.Labels.foo}}.
)");
  const auto states = [this](std::vector<S> one, std::vector<S> two) {
    return [=, this] {
      EXPECT_EQ(States(0), one) << simulation_.now();
      EXPECT_EQ(States(1), two) << simulation_.now();
    };
  };
  During(0, 8, states({}, {}));
  During(8, 20, states({S::kPending}, {}));
  During(20, 32, states({S::kFiring}, {}));
  During(32, 44, states({S::kFiring, S::kPending}, {}));
  // In the same evaluation in which the second one fires.
  During(44, 65, states({S::kFiring, S::kFiring}, {S::kFiring}));
  const AlertStatus two = simulation_.Alerts(1)[0];
  EXPECT_EQ(two.labels, (model::Labels{{"alertname", "G_Two"},
                                       {"alertstate", "firing"},
                                       {"ba_dum", "tss"},
                                       {"foo", "baz"},
                                       {"rulegroup", "G"}}));
  EXPECT_EQ(two.annotations.at("description"),
            "Based on ALERTS. Old alertname was G_One. foo was bar.");
  EXPECT_EQ(two.value, 2);
  EXPECT_EQ(two.active_at - simulation_.Alerts(0)[1].active_at, absl::Minutes(3));
  During(65, 73, states({S::kFiring}, {}));
  During(73, 90, states({}, {}));
}

}  // namespace
}  // namespace tidegate::control
