#include "control/notify/alert_router.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/registry.h>

#include <atomic>
#include <cstdio>
#include <fstream>

#include "control/notify/alert_body.h"
#include "control/notify/http_post.h"
#include "control/scrape/one_page_server.h"
#include "model/config/config_file.h"
#include "model/config/config_tenant_registry.h"

namespace tidegate::control {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

OutgoingAlert Alert() {
  OutgoingAlert alert;
  alert.labels = model::Labels{{"alertname", "Down"}, {"severity", "page"}};
  alert.annotations = {{"summary", "a \"b\""}};
  alert.starts_at = absl::FromUnixMillis(1'600'000'000'500);
  alert.ends_at = absl::FromUnixMillis(1'600'000'240'500);
  alert.generator_url = "http://t/graph?g0.expr=up&g0.tab=1";
  return alert;
}

std::vector<model::AlertingConfig> Alerting(std::string_view yaml) {
  auto config = model::ParseConfig(yaml);
  EXPECT_TRUE(config.ok()) << config.status();
  return config->rules.alerting;
}

TEST(AlertBody, IsAlertmanagersApi2) {
  const OutgoingAlert alert = Alert();
  EXPECT_EQ(
      AlertBody({alert}),
      R"([{"labels":{"alertname":"Down","severity":"page"},"annotations":{"summary":"a \"b\""},)"
      R"("startsAt":"2020-09-13T12:26:40.500Z","endsAt":"2020-09-13T12:30:40.500Z",)"
      R"("generatorURL":"http://t/graph?g0.expr=up&g0.tab=1"}])");
}

TEST(AlertingOf, ATenantsOwnEntryWins) {
  const auto alerting = Alerting("alerting: [{tenant: a}, {alertmanagers: ['http://b']}]");
  EXPECT_EQ(AlertingOf(alerting, "a"), &alerting[0]);
  EXPECT_EQ(AlertingOf(alerting, "b"), &alerting[1]);
  EXPECT_EQ(AlertingOf({}, "a"), nullptr);
}

TEST(Prepared, AddsLabelsAndRelabels) {
  const auto alerting = Alerting(R"(alerting:
- external_labels: {region: eu, severity: other}
  alert_relabel_configs:
  - {source_labels: [alertname], regex: Noise, action: drop}
  - {regex: severity, action: labeldrop}
)");
  OutgoingAlert noise = Alert();
  noise.labels = model::Labels{{"alertname", "Noise"}};
  const auto prepared = Prepared({Alert(), noise}, alerting[0]);
  ASSERT_THAT(prepared, SizeIs(1));
  EXPECT_EQ(prepared[0].labels, (model::Labels{{"alertname", "Down"}, {"region", "eu"}}));
}

class PostTest : public testing::Test {
 protected:
  absl::Status Answered(const std::string& head) {
    OnePageServer server;
    server.SetAnswer("HTTP/1.1 " + head + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    return Send("http://" + server.address() + "/x");
  }
  absl::Status Send(const std::string& url) {
    return Post(policy_, {"default", url, "application/json", "[]", absl::Seconds(5)}, stop_);
  }

  const model::ConfigTenantRegistry tenants_{model::ConfigFile()};
  const OutboundPolicy policy_{&tenants_, {}};
  std::atomic<bool> stop_{false};
};

TEST_F(PostTest, SaysWhetherTryingAgainHelps) {
  EXPECT_TRUE(Answered("200 OK").ok());
  EXPECT_TRUE(Answered("202 Accepted").ok());
  EXPECT_TRUE(absl::IsUnavailable(Answered("503 Service Unavailable")));
  EXPECT_TRUE(absl::IsUnavailable(Answered("429 Too Many Requests")));
  EXPECT_TRUE(absl::IsInvalidArgument(Answered("400 Bad Request")));
  EXPECT_TRUE(absl::IsInvalidArgument(Answered("302 Found")));
  EXPECT_TRUE(absl::IsUnavailable(Send("http://127.0.0.1:1/")));
  EXPECT_TRUE(absl::IsInvalidArgument(Send("file:///etc/passwd")));
  stop_ = true;
  EXPECT_TRUE(absl::IsCancelled(Send("http://127.0.0.1:1/")));
}

TEST_F(PostTest, SpeaksAsTheClientIsConfigured) {
  OnePageServer server;
  server.SetPage("");
  const std::string url = "http://" + server.address() + "/x";
  PostRequest request{"default", url, "application/json", "[]", absl::Seconds(5)};
  model::HttpClientConfig client;
  client.basic_user = "u";
  client.basic_password = "p";
  client.headers = {{"X-A", "b"}};
  request.client = &client;
  EXPECT_TRUE(Post(policy_, request, stop_).ok());
  ASSERT_EQ(server.requests().size(), 1u);
  EXPECT_THAT(server.requests()[0], testing::HasSubstr("Authorization: Basic dTpw\r\n"));
  EXPECT_THAT(server.requests()[0], testing::HasSubstr("X-A: b\r\n"));
  client = model::HttpClientConfig();
  client.authorization_type = "Bearer";
  client.authorization_credentials = "t";
  EXPECT_TRUE(Post(policy_, request, stop_).ok());
  EXPECT_THAT(server.requests()[1], testing::HasSubstr("Authorization: Bearer t\r\n"));
  client.authorization_file = "/nowhere";
  EXPECT_TRUE(absl::IsUnavailable(Post(policy_, request, stop_)));
  EXPECT_EQ(server.requests().size(), 2u);
}

TEST_F(PostTest, ObeysTheTenantsRules) {
  auto config = model::ParseConfig("outbound_deny: [127.0.0.0/8]");
  ASSERT_TRUE(config.ok());
  const model::ConfigTenantRegistry tenants(*config);
  const OutboundPolicy policy(&tenants, {});
  EXPECT_TRUE(absl::IsPermissionDenied(
      Post(policy, {"default", "http://127.0.0.1:1/", "text/plain", "", absl::Seconds(5)}, stop_)));
}

TEST(AlertRouter, EachTenantHasItsAlertmanagers) {
  prometheus::Registry metrics;
  AlertRouter router({}, &metrics);
  router.SetConfig(Alerting(R"(alerting:
- alertmanagers: ["http://one:9093/", "http://two:9093/am"]
- {tenant: quiet, alertmanagers: []}
)"));
  EXPECT_THAT(router.UrlsOf("a").active,
              ElementsAre("http://one:9093/api/v2/alerts", "http://two:9093/am/api/v2/alerts"));
  EXPECT_THAT(router.UrlsOf("quiet").active, IsEmpty());
  router.Send("quiet", {Alert()});
  router.Send("a", {Alert()});
  router.SetConfig({});
  EXPECT_THAT(router.UrlsOf("a").active, IsEmpty());
}

TEST(AlertRouter, FollowsFilesAndShowsNoPasswords) {
  const std::string file = testing::TempDir() + "alert_router_test.json";
  std::remove(file.c_str());
  prometheus::Registry metrics;
  AlertRouter router({}, &metrics);
  router.SetConfig(
      Alerting("alerting: [{alertmanagers: ['http://u:p@one:1', {file_sd_configs: "
               "[{files: ['" +
               file + "']}]}]}]"));
  EXPECT_THAT(router.UrlsOf("a").active, ElementsAre("http://u:<secret>@one:1/api/v2/alerts"));
  std::ofstream(file) << R"([{"targets": ["two:1"]}])";
  EXPECT_THAT(router.UrlsOf("a").active,
              ElementsAre("http://u:<secret>@one:1/api/v2/alerts", "http://two:1/api/v2/alerts"));
}

// What an Alertmanager gets is what its entry lets through.
TEST(AlertRouter, EachEntryRelabelsItsAlerts) {
  OnePageServer all;
  OnePageServer some;
  for (OnePageServer* const server : {&all, &some}) server->SetPage("");
  const model::ConfigTenantRegistry tenants{model::ConfigFile()};
  const OutboundPolicy policy{&tenants, {}};
  prometheus::Registry metrics;
  AlertRouter router({}, &metrics);
  router.SetPolicy(&policy);
  router.SetConfig(Alerting("alerting: [{alertmanagers: ['http://" + all.address() +
                            "', {static_configs: [{targets: ['" + some.address() +
                            "']}], alert_relabel_configs: [{source_labels: [severity], regex: "
                            "info, action: drop}]}]}]"));
  OutgoingAlert info = Alert();
  info.labels = model::Labels{{"alertname", "Info"}, {"severity", "info"}};
  const absl::Time deadline = absl::Now() + absl::Seconds(20);
  const auto wait_for = [deadline](OnePageServer& server) {
    while (server.requests().empty() && absl::Now() < deadline) {
      absl::SleepFor(absl::Milliseconds(5));
    }
  };
  router.Send("default", {info});
  wait_for(all);
  EXPECT_THAT(all.requests(), SizeIs(1));
  router.Send("default", {Alert()});
  wait_for(some);
  EXPECT_THAT(some.requests(), SizeIs(1));
}

}  // namespace
}  // namespace tidegate::control
