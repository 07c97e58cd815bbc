#include "api/rules/rules_endpoints.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/rules/rules_filter.h"
#include "api/testing/api_call.h"

namespace tidegate::api {
namespace {

using control::AlertState;
using control::AlertStatus;
using control::RuleGroupStatus;
using control::RuleStatus;
using testing::HasSubstr;
using testing::Not;

const absl::Time kTime = absl::FromUnixMillis(1'600'000'000'500);

RuleStatus Recording(std::string name) {
  RuleStatus rule;
  rule.name = std::move(name);
  rule.query = "sum(up)";
  rule.labels = {{"team", "a"}};
  rule.health = control::RuleHealth::kGood;
  rule.evaluation_time = absl::Milliseconds(250);
  rule.last_evaluation = kTime;
  return rule;
}

RuleStatus Alerting(std::string name) {
  RuleStatus rule = Recording(std::move(name));
  rule.alerting = true;
  rule.labels = {{"severity", "page"}};
  rule.annotations = {{"summary", "{{ $value }}"}};
  rule.hold = absl::Minutes(5);
  rule.keep_firing = absl::Seconds(90);
  AlertStatus alert;
  alert.labels = model::Labels{{"alertname", "Down"}};
  alert.annotations = {{"summary", "1"}};
  alert.state = AlertState::kPending;
  alert.active_at = kTime;
  alert.value = 1;
  rule.alerts.push_back(alert);
  alert.state = AlertState::kFiring;
  alert.labels = model::Labels{{"alertname", "Down"}, {"x", "y"}};
  alert.keep_firing_since = kTime;
  rule.alerts.push_back(alert);
  return rule;
}

std::shared_ptr<const RuleGroupStatus> Group(std::string file, std::string name,
                                             std::vector<RuleStatus> rules) {
  auto group = std::make_shared<RuleGroupStatus>();
  group->file = std::move(file);
  group->name = std::move(name);
  group->interval = absl::Seconds(30);
  group->rules = std::move(rules);
  return group;
}

class FixedRuler final : public control::Ruler {
 public:
  absl::StatusOr<control::RuleGroupStatuses> Groups(const model::RequestContext&) override {
    return groups;
  }
  absl::StatusOr<control::AlertmanagerUrls> Alertmanagers(const model::RequestContext&) override {
    return control::AlertmanagerUrls{{"http://am:9093/api/v2/alerts"}, {}};
  }

  control::RuleGroupStatuses groups;
};

class RulesTest : public testing::Test {
 protected:
  RulesTest() {
    ruler_.groups = {Group("a.yml", "g1", {Recording("r1"), Alerting("Down")}),
                     Group("a.yml", "g2", {Recording("r2")}),
                     Group("b.yml", "g1", {Recording("r1")})};
  }

  ApiCall Call() { return ApiCall(RulesEndpoint(&ruler_)); }

  FixedRuler ruler_;
};

TEST_F(RulesTest, AreShownAsPrometheusDoes) {
  ruler_.groups.resize(1);
  EXPECT_EQ(
      Call().Body(),
      R"j({"status":"success","data":{"groups":[{"name":"g1","file":"a.yml","rules":[)j"
      R"j({"name":"r1","query":"sum(up)","labels":{"team":"a"},"health":"ok","evaluationTime":0.25,)j"
      R"j("lastEvaluation":"2020-09-13T12:26:40.5Z","type":"recording"},)j"
      R"j({"state":"firing","name":"Down","query":"sum(up)","duration":300,"keepFiringFor":90,)j"
      R"j("labels":{"severity":"page"},"annotations":{"summary":"{{ $value }}"},"alerts":[)j"
      R"j({"labels":{"alertname":"Down"},"annotations":{"summary":"1"},"state":"pending",)j"
      R"j("activeAt":"2020-09-13T12:26:40.5Z","value":"1e+00"},)j"
      R"j({"labels":{"alertname":"Down","x":"y"},"annotations":{"summary":"1"},"state":"firing",)j"
      R"j("activeAt":"2020-09-13T12:26:40.5Z","keepFiringSince":"2020-09-13T12:26:40.5Z",)j"
      R"j("value":"1e+00"}],"health":"ok","evaluationTime":0.25,)j"
      R"j("lastEvaluation":"2020-09-13T12:26:40.5Z","type":"alerting"}],"interval":30,"limit":0,)j"
      R"j("evaluationTime":0,"lastEvaluation":"0001-01-01T00:00:00Z"}]}})j");
}

TEST_F(RulesTest, CanBeChosen) {
  EXPECT_THAT(Call().With("type", "alert").Body(), Not(HasSubstr("recording")));
  EXPECT_THAT(Call().With("type", "Record").Body(), Not(HasSubstr("alerting")));
  EXPECT_THAT(Call().With("rule_name[]", "r2").Body(), Not(HasSubstr("r1")));
  EXPECT_THAT(Call().With("rule_group[]", "g2").Body(), Not(HasSubstr("g1")));
  EXPECT_THAT(Call().With("file[]", "b.yml").Body(), Not(HasSubstr("a.yml")));
  EXPECT_THAT(Call().With("match[]", "{severity=\"page\"}").Body(), Not(HasSubstr("r1")));
  EXPECT_THAT(Call().With("match[]", "{severity=\"page\"}").With("match[]", "{team=\"a\"}").Body(),
              HasSubstr("r2"));
  EXPECT_THAT(Call().With("exclude_alerts", "true").Body(), HasSubstr("\"alerts\":null"));
  EXPECT_EQ(Call().With("rule_name[]", "none").Body(),
            R"({"status":"success","data":{"groups":[]}})");
}

TEST_F(RulesTest, ComeInPages) {
  const std::string first = Call().With("group_limit", "2").Body();
  const std::string token = GroupToken(*ruler_.groups[2]);
  EXPECT_THAT(first, Not(HasSubstr("b.yml")));
  EXPECT_THAT(first, HasSubstr("\"groupNextToken\":\"" + token + "\""));
  const std::string second = Call().With("group_limit", "2").With("group_next_token", token).Body();
  EXPECT_THAT(second, HasSubstr("b.yml"));
  EXPECT_THAT(second, Not(HasSubstr("a.yml")));
  EXPECT_THAT(second, Not(HasSubstr("groupNextToken")));
  EXPECT_THAT(Call().With("group_limit", "3").Body(), Not(HasSubstr("groupNextToken")));
}

TEST_F(RulesTest, ParametersAreChecked) {
  const auto refusal = [this](std::string name, std::string value) {
    const RecordedResponse response = Call().With(std::move(name), std::move(value)).Get();
    EXPECT_EQ(response.status, 400);
    return response.body;
  };
  EXPECT_THAT(refusal("type", "foo"),
              HasSubstr(R"(invalid parameter \"type\": not supported value \"foo\")"));
  EXPECT_THAT(refusal("exclude_alerts", "x"),
              HasSubstr(R"(error converting exclude_alerts: strconv.ParseBool: parsing \"x\")"));
  EXPECT_THAT(refusal("group_limit", "0"), HasSubstr("group_limit needs to be greater than 0"));
  EXPECT_THAT(refusal("group_limit", "x"), HasSubstr("group_limit"));
  EXPECT_THAT(refusal("group_next_token", "t"), HasSubstr("group_limit needs to be set"));
  EXPECT_THAT(refusal("match[]", "a{"), HasSubstr("unexpected end of input inside braces"));
  EXPECT_THAT(Call().With("group_limit", "1").With("group_next_token", "t").Get().body,
              HasSubstr("invalid group_next_token 't'. were rule groups changed?"));
}

TEST_F(RulesTest, AlertsOfAllRules) {
  EXPECT_THAT(ApiCall(AlertsEndpoint(&ruler_)).Body(),
              testing::StartsWith(R"({"status":"success","data":{"alerts":[{"labels":)"));
  ruler_.groups.clear();
  EXPECT_EQ(ApiCall(AlertsEndpoint(&ruler_)).Body(),
            R"({"status":"success","data":{"alerts":[]}})");
}

TEST_F(RulesTest, Alertmanagers) {
  EXPECT_EQ(ApiCall(AlertmanagersEndpoint(&ruler_)).Body(),
            R"({"status":"success","data":{"activeAlertmanagers":[)"
            R"({"url":"http://am:9093/api/v2/alerts"}],"droppedAlertmanagers":[]}})");
}

TEST_F(RulesTest, WithoutARulerNobodyKnows) {
  EXPECT_EQ(ApiCall(RulesEndpoint(nullptr)).Get().status, 404);
  EXPECT_EQ(ApiCall(AlertsEndpoint(nullptr)).Get().status, 404);
  EXPECT_EQ(ApiCall(AlertmanagersEndpoint(nullptr)).Get().status, 404);
}

}  // namespace
}  // namespace tidegate::api
