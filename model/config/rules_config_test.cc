#include "model/config/rules_config.h"

#include <gtest/gtest.h>

#include "model/config/config_file.h"

namespace tidegate::model {
namespace {

std::string Mistake(std::string_view yaml) {
  return std::string(ParseConfig(yaml).status().message());
}

constexpr std::string_view kAll = R"(
ruler:
  evaluation_interval: 30s
  query_offset: 5s
  resend_delay: 2m
  for_outage_tolerance: 2h
  for_grace_period: 5m
  catch_up: 30s
  concurrent_groups: 4
  external_url: https://tidegate.example.org
rule_files:
- file: rules/*.yml
- {tenant: a, file: /etc/logs.yml, language: logql}
alerting:
- alertmanagers: ["http://am:9093"]
  timeout: 3s
  external_labels: {region: eu}
  alert_relabel_configs:
  - {source_labels: [severity], regex: none, action: drop}
- {tenant: a, alertmanagers: []}
)";

TEST(RulesConfig, IsReadAndPrinted) {
  const auto config = ParseConfig(kAll);
  ASSERT_TRUE(config.ok()) << config.status();
  const RulesConfig& rules = config->rules;
  EXPECT_EQ(rules.evaluation_interval, absl::Seconds(30));
  EXPECT_EQ(rules.query_offset, absl::Seconds(5));
  EXPECT_EQ(rules.resend_delay, absl::Minutes(2));
  EXPECT_EQ(rules.outage_tolerance, absl::Hours(2));
  EXPECT_EQ(rules.grace_period, absl::Minutes(5));
  EXPECT_EQ(rules.catch_up, absl::Seconds(30));
  EXPECT_EQ(rules.concurrent_groups, 4u);
  EXPECT_EQ(rules.external_url, "https://tidegate.example.org");
  ASSERT_EQ(rules.files.size(), 2u);
  EXPECT_EQ(rules.files[0], (RuleFilePattern{"default", "rules/*.yml", false}));
  EXPECT_EQ(rules.files[1], (RuleFilePattern{"a", "/etc/logs.yml", true}));
  ASSERT_EQ(rules.alerting.size(), 2u);
  EXPECT_EQ(rules.alerting[0].tenant, "");
  EXPECT_EQ(rules.alerting[0].timeout, absl::Seconds(3));
  EXPECT_EQ(rules.alerting[0].relabel.size(), 1u);
  const auto again = ParseConfig(FormatConfig(*config));
  ASSERT_TRUE(again.ok()) << again.status() << FormatConfig(*config);
  EXPECT_EQ(again->rules.files, rules.files);
  EXPECT_EQ(again->rules.alerting[0].external_labels, rules.alerting[0].external_labels);
  EXPECT_EQ(again->rules.alerting[0].relabel.size(), 1u);
}

TEST(RulesConfig, MistakesAreNamed) {
  EXPECT_EQ(Mistake("ruler: {evaluation_interval: 0}"),
            "line 1: ruler.evaluation_interval: must be more than 0");
  EXPECT_EQ(Mistake("ruler: {concurrent_groups: 0}"),
            "line 1: ruler.concurrent_groups: must be 1 to 64");
  EXPECT_EQ(Mistake("ruler: {external_url: tidegate}"),
            "line 1: ruler.external_url: must begin with http:// or https://");
  EXPECT_EQ(Mistake("rule_files: [{tenant: a}]"), "line 1: rule_files[0]: file is missing");
  EXPECT_EQ(Mistake("rule_files: [{file: a, language: sql}]"),
            "line 1: rule_files[0].language: must be promql or logql");
  EXPECT_EQ(Mistake("rule_files: [{file: a, tenant: a/b}]"),
            "line 1: rule_files[0]: tenant is not a tenant's name");
  EXPECT_EQ(
      Mistake("alerting: [{alertmanagers: [am:9093]}]"),
      "line 1: alerting[0].alertmanagers[0]: \"am:9093\" must begin with http:// or https://");
  EXPECT_EQ(Mistake("alerting: [{tenant: a}, {tenant: a}]"),
            "line 1: alerting[1]: this tenant has an entry already");
  EXPECT_NE(Mistake("alerting: [{alert_relabel_configs: [{action: x}]}]"), "");
}

}  // namespace
}  // namespace tidegate::model
