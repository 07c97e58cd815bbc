#include "model/config/alerting_config.h"

#include <gtest/gtest.h>

#include "model/config/config_file.h"

namespace tidegate::model {
namespace {

std::vector<AlertingConfig> Read(std::string_view yaml) {
  const auto config = ParseConfig(yaml);
  EXPECT_TRUE(config.ok()) << config.status();
  return config.ok() ? config->rules.alerting : std::vector<AlertingConfig>();
}

std::string Mistake(const std::string& alertmanager) {
  return std::string(
      ParseConfig("alerting: [{alertmanagers: [" + alertmanager + "]}]").status().message());
}

constexpr std::string_view kAsPrometheus = R"(
alerting:
  alert_relabel_configs:
  - {regex: replica, action: labeldrop}
  alertmanagers:
  - scheme: https
    path_prefix: /am
    timeout: 3s
    api_version: v2
    basic_auth: {username: u, password: p}
    tls_config: {ca_file: ca.pem, insecure_skip_verify: true}
    static_configs: [{targets: ["a:9093", "b:9093"], labels: {zone: x}}]
    file_sd_configs: [{files: ["am/*.json"]}]
    relabel_configs: [{source_labels: [zone], regex: y, action: drop}]
    alert_relabel_configs: [{source_labels: [severity], regex: info, action: drop}]
  - bearer_token: t
    static_configs: [{targets: ["c:9093"]}]
)";

TEST(AlertingConfigTest, PrometheusSectionIsTheEntryOfEverybody) {
  const auto alerting = Read(kAsPrometheus);
  ASSERT_EQ(alerting.size(), 1u);
  EXPECT_EQ(alerting[0].tenant, "");
  EXPECT_EQ(alerting[0].relabel.size(), 1u);
  ASSERT_EQ(alerting[0].alertmanagers.size(), 2u);
  const AlertmanagerGroup& first = alerting[0].alertmanagers[0];
  EXPECT_EQ(first.scheme, "https");
  EXPECT_EQ(first.path_prefix, "/am");
  EXPECT_EQ(first.timeout, absl::Seconds(3));
  EXPECT_EQ(first.http.basic_user, "u");
  EXPECT_EQ(first.http.tls.ca_file, "ca.pem");
  EXPECT_TRUE(first.http.tls.insecure_skip_verify);
  EXPECT_TRUE(first.http.follow_redirects);
  ASSERT_EQ(first.static_groups.size(), 1u);
  EXPECT_EQ(first.static_groups[0].targets.size(), 2u);
  EXPECT_EQ(first.file_discoveries[0].files[0], "am/*.json");
  EXPECT_EQ(first.relabel.size(), 1u);
  EXPECT_EQ(first.alert_relabel.size(), 1u);
  EXPECT_EQ(alerting[0].alertmanagers[1].http.authorization_credentials, "t");
  EXPECT_EQ(alerting[0].alertmanagers[1].timeout, absl::Seconds(10));
}

TEST(AlertingConfigTest, AUrlIsAGroupOfItsOwn) {
  const auto alerting =
      Read("alerting: [{timeout: 3s, alertmanagers: ['https://u:p@am:9093/x/', 'http://b']}]");
  ASSERT_EQ(alerting[0].alertmanagers.size(), 2u);
  const AlertmanagerGroup& first = alerting[0].alertmanagers[0];
  EXPECT_EQ(first.scheme, "https");
  EXPECT_EQ(first.path_prefix, "/x/");
  EXPECT_EQ(first.timeout, absl::Seconds(3));
  EXPECT_EQ(first.static_groups[0].targets[0], "u:p@am:9093");
  EXPECT_EQ(alerting[0].alertmanagers[1].static_groups[0].targets[0], "b");
  EXPECT_EQ(alerting[0].alertmanagers[1].path_prefix, "");
}

TEST(AlertingConfigTest, IsShownWithoutSecrets) {
  const auto config = ParseConfig(kAsPrometheus);
  ASSERT_TRUE(config.ok());
  const std::string shown = FormatConfig(*config);
  EXPECT_EQ(shown.find("password: p"), std::string::npos);
  EXPECT_EQ(shown.find("bearer_token: t"), std::string::npos);
  EXPECT_NE(shown.find("path_prefix: /am"), std::string::npos);
  const auto again = ParseConfig(shown);
  ASSERT_TRUE(again.ok()) << again.status() << shown;
  EXPECT_EQ(again->rules.alerting[0].alertmanagers.size(), 2u);
}

TEST(AlertingConfigTest, FilesAreNamed) {
  auto config = ParseConfig(kAsPrometheus);
  ASSERT_TRUE(config.ok());
  std::string named;
  for (const std::string* file : FilesOf(&config->rules)) {
    if (!file->empty()) named += *file + " ";
  }
  EXPECT_EQ(named, "ca.pem am/*.json ");
}

TEST(AlertingConfigTest, MistakesAreNamed) {
  EXPECT_EQ(Mistake("{scheme: ftp}"),
            "line 1: alerting[0].alertmanagers[0]: scheme must be http or https");
  EXPECT_NE(Mistake("{api_version: v1}").find("only v2 is supported"), std::string::npos);
  EXPECT_NE(Mistake("{dns_sd_configs: []}").find("this kind of discovery is not known"),
            std::string::npos);
  EXPECT_NE(Mistake("{sigv4: {}}").find("not supported"), std::string::npos);
  EXPECT_NE(Mistake("{oauth2: {}}").find("not supported"), std::string::npos);
  EXPECT_NE(Mistake("{timeout: 0s}").find("must be more than 0"), std::string::npos);
  EXPECT_NE(Mistake("{basic_auth: {username: u}, bearer_token: t}").find("at most one of"),
            std::string::npos);
  EXPECT_NE(Mistake("{file_sd_configs: [{files: [a.txt]}]}").find("is not valid"),
            std::string::npos);
  EXPECT_NE(Mistake("{url: 'http://a'}").find("unknown key"), std::string::npos);
  EXPECT_NE(Mistake("'http:///x'").find("has no host"), std::string::npos);
}

}  // namespace
}  // namespace tidegate::model
