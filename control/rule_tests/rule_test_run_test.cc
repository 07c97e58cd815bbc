#include "control/rule_tests/rule_test_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "control/rules/definition/rule_file.h"

namespace tidegate::control {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kRules = R"(groups:
- name: second
  rules:
  - {record: c, expr: b * 10}
- name: first
  rules:
  - {record: b, expr: a + 1}
  - {alert: High, expr: b > 3, for: 2m, annotations: {text: "{{ $value }}"}}
)";

std::vector<std::string> RunTests(std::string_view tests, std::string_view rules = kRules) {
  const auto file = ParseRuleTestFile(tests);
  if (!file.ok()) return {std::string(file.status().message())};
  const auto groups = ParseRuleGroups(rules, query::RuleLanguage::kPromQl);
  EXPECT_TRUE(groups.ok()) << groups.status();
  std::vector<TestedGroup> tested;
  for (const RuleGroupSpec& spec : *groups) tested.push_back({"rules.yml", spec});
  return RunRuleTests(*file, std::move(tested));
}

TEST(RuleTests, ValuesAndAlertsAsExpected) {
  EXPECT_THAT(RunTests(R"(
group_eval_order: [first, second]
tests:
- interval: 1m
  input_series: [{series: 'a{x="y"}', values: '1 2 3+1x5'}]
  alert_rule_test:
  - {eval_time: 3m, alertname: High, exp_alerts: []}
  - {eval_time: 4m, alertname: High, exp_alerts: [{exp_labels: {x: y}, exp_annotations: {text: 6}}]}
  promql_expr_test:
  - {expr: c, eval_time: 1m, exp_samples: [{labels: 'c{x="y"}', value: 30}]}
  - {expr: 'sum(b)', eval_time: 2m, exp_samples: [{labels: '{}', value: 4}]}
  - {expr: none, eval_time: 2m}
)"),
              IsEmpty());
}

TEST(RuleTests, SayWhatIsOtherwise) {
  EXPECT_THAT(RunTests(R"(
tests:
- name: the test
  interval: 1m
  input_series: [{series: a, values: '1x9'}]
  promql_expr_test:
  - {expr: b, eval_time: 1m, exp_samples: [{labels: b, value: 3}]}
  - {expr: 'sum(', eval_time: 1m}
)"),
              ElementsAre(HasSubstr("name: the test,\n    expr: \"b\", time: 1m"),
                          HasSubstr("unclosed left parenthesis")));
  EXPECT_THAT(RunTests(R"(
tests:
- interval: 1m
  input_series: [{series: a, values: '9x9'}]
  alert_rule_test: [{eval_time: 5m, alertname: High}]
)"),
              ElementsAre(HasSubstr("alertname: High, time: 5m")));
}

TEST(RuleTests, RulesThatFailEndATest) {
  EXPECT_THAT(
      RunTests(R"(
tests:
- interval: 1m
  input_series:
  - {series: 'a{x="1"}', values: '1x3'}
  - {series: 'a{x="2"}', values: '1x3'}
  promql_expr_test: [{expr: a, eval_time: 1m}]
)",
               "groups: [{name: g, rules: [{record: r, expr: 'a + on () group_left () a'}]}]"),
      ElementsAre(HasSubstr("rule: r, time: 0s, err: found duplicate series")));
}

TEST(RuleTests, StartWhereTheyAreTold) {
  EXPECT_THAT(RunTests(R"(
tests:
- interval: 1m
  start_timestamp: 2030-01-01T00:00:00Z
  promql_expr_test:
  - {expr: 'year()', eval_time: 1m, exp_samples: [{labels: '{}', value: 2030}]}
)"),
              IsEmpty());
}

TEST(RuleTests, NearlyEqualIsEnoughWhenAsked) {
  const std::string test = R"(
tests:
- interval: 1m
  input_series: [{series: a, values: '0.1x3'}]
  promql_expr_test: [{expr: 'a * 3', eval_time: 1m, exp_samples: [{labels: '{}', value: 0.3}]}]
)";
  EXPECT_THAT(RunTests(test), testing::SizeIs(1));
  EXPECT_THAT(RunTests("fuzzy_compare: true" + test), IsEmpty());
}

TEST(RuleTests, Histograms) {
  constexpr std::string_view kInput = R"(
tests:
- interval: 1m
  input_series:
  - {series: h, values: '{{schema:1 count:6 sum:5 z_bucket:1 z_bucket_w:0.5 offset:-1 buckets:[2 0 3]}}+{{schema:1 count:1 offset:-1 buckets:[1]}}x3 _ 7 stale'}
  promql_expr_test:
)";
  constexpr std::string_view kRecorded =
      "groups: [{name: g, rules: [{record: r, expr: 'sum(h)'}]}]";
  EXPECT_THAT(RunTests(std::string(kInput) + R"(
  - {expr: h, eval_time: 0m, exp_samples: [{labels: h, histogram: '{{schema:1 sum:5 count:6 z_bucket:1 z_bucket_w:0.5 offset:-1 buckets:[2 0 3 0]}}'}]}
  - {expr: r, eval_time: 2m, exp_samples: [{labels: r, histogram: '{{schema:1 sum:5 count:8 counter_reset_hint:not_reset z_bucket:1 z_bucket_w:0.5 offset:-1 buckets:[4 0 3]}}'}]}
  - {expr: h, eval_time: 5m, exp_samples: [{labels: h, value: 7}]}
  - {expr: h, eval_time: 6m}
)",
                       kRecorded),
              IsEmpty());
  EXPECT_THAT(RunTests(std::string(kInput) + R"(
  - {expr: h, eval_time: 0m, exp_samples: [{labels: h, histogram: '{{count:6}}'}]}
  - {expr: h, eval_time: 5m, exp_samples: [{labels: h, histogram: '{{count:7}}'}]}
  - {expr: h, eval_time: 5m, exp_samples: [{labels: h, histogram: '7'}]}
)",
                       kRecorded),
              ElementsAre(HasSubstr("\"h\"} {{schema:1 count:6 sum:5 z_bucket:1 z_bucket_w:0.5 "
                                    "offset:-1 buckets:[2 0 3]}}"),
                          HasSubstr("\"h\"} 7"), HasSubstr("histogram 7: expected one histogram")));
}

TEST(RuleTestFile, MistakesAreNamed) {
  EXPECT_THAT(RunTests("tests: [{intervall: 1m}]"), ElementsAre(HasSubstr("tests[0].intervall")));
  EXPECT_THAT(RunTests("tests: [{interval: 1m, input_series: [{series: 'a{', values: '1'}]}]"),
              ElementsAre(HasSubstr("series a{")));
  EXPECT_THAT(RunTests("group_eval_order: [a, a]"), ElementsAre(HasSubstr("repeated")));
}

}  // namespace
}  // namespace tidegate::control
