#include "control/monitors/checks/external_check.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "control/scrape/one_page_server.h"
#include "model/config/config_file.h"
#include "model/config/config_tenant_registry.h"

namespace tidegate::control {
namespace {

class ExternalCheckTest : public ::testing::Test {
 protected:
  ExternalCheckTest() { check_.url = "http://" + server_.address() + "/path"; }

  ProbeResult Probe() {
    HttpProberOptions options;
    options.timeout = absl::Milliseconds(500);
    const OutboundPolicy policy(&tenants_, {});
    return HttpProber(options, &policy).Run({{"default", check_}}, stop_)[0];
  }
  CheckResult Judge(std::optional<double> mean = std::nullopt) {
    return JudgeProbe(check_, Probe(), mean, absl::FromUnixSeconds(1'700'000'000));
  }

  std::atomic<bool> stop_{false};
  const model::ConfigTenantRegistry tenants_{model::ConfigFile()};
  OnePageServer server_;
  ExternalCheck check_;
};

TEST_F(ExternalCheckTest, AnAnswerIsOk) {
  server_.SetPage("Example Domain");
  const CheckResult result = Judge();
  EXPECT_EQ(result.level, AlertLevel::kOk) << result.message;
  EXPECT_TRUE(result.message.starts_with("200 in "));
}

TEST_F(ExternalCheckTest, TheRequestIsAsTheMonitorSays) {
  server_.SetPage("x");
  check_.method = "PUT";
  check_.headers = {{"X-One", "a b"}, {"X-Empty", ""}};
  check_.body = "k=v";
  Probe();
  const std::vector<std::string> requests = server_.requests();
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_TRUE(requests[0].starts_with("PUT /path HTTP/1.1\r\n")) << requests[0];
  EXPECT_NE(requests[0].find("X-One: a b\r\n"), std::string::npos);
  EXPECT_NE(requests[0].find("X-Empty:"), std::string::npos);
  EXPECT_NE(requests[0].find("Content-Length: 3\r\n"), std::string::npos);
  EXPECT_EQ(requests[0].find("Cache-Control"), std::string::npos) << "headers are what it says";
}

TEST_F(ExternalCheckTest, StatusesFrom400AreCritical) {
  for (const auto& [answer, level] :
       {std::pair("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", AlertLevel::kCritical),
        std::pair("HTTP/1.1 500 x\r\nContent-Length: 0\r\n\r\n", AlertLevel::kCritical),
        std::pair("HTTP/1.1 302 x\r\nLocation: /y\r\nContent-Length: 0\r\n\r\n", AlertLevel::kOk),
        std::pair("HTTP/1.1 204 x\r\n\r\n", AlertLevel::kOk)}) {
    server_.SetAnswer(answer);
    EXPECT_EQ(Judge().level, level) << answer;
  }
}

TEST_F(ExternalCheckTest, RedirectsAreFollowedOnRequest) {
  server_.SetAnswer("HTTP/1.1 302 x\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n");
  check_.follow_redirect = true;
  const CheckResult result = Judge();
  EXPECT_EQ(result.level, AlertLevel::kCritical) << "it leads to itself";
  EXPECT_EQ(server_.requests().size(), 6u) << "at most five times";
}

TEST_F(ExternalCheckTest, ATextThatMustBeThere) {
  server_.SetPage(std::string(100'000, 'x') + "Example" + std::string(1000, 'y'));
  check_.contains = "Example";
  EXPECT_EQ(Judge().level, AlertLevel::kOk);
  check_.contains = "Sample";
  const CheckResult result = Judge();
  EXPECT_EQ(result.level, AlertLevel::kCritical);
  EXPECT_EQ(result.message, "\"Sample\" is not in the body");
}

TEST_F(ExternalCheckTest, NoAnswerIsCritical) {
  server_.SetAnswer("");
  EXPECT_EQ(Judge().level, AlertLevel::kCritical);
  check_.url = "http://127.0.0.1:1/";
  EXPECT_EQ(Judge().level, AlertLevel::kCritical);
}

TEST_F(ExternalCheckTest, ManyBesideEachOther) {
  server_.SetPage("x");
  HttpProberOptions options;
  options.max_parallel = 3;
  const OutboundPolicy policy(&tenants_, {});
  const std::vector<ProbeRequest> requests(20, ProbeRequest{"default", check_});
  for (const ProbeResult& result : HttpProber(options, &policy).Run(requests, stop_)) {
    EXPECT_EQ(result.status, 200) << result.error;
  }
}

TEST_F(ExternalCheckTest, TheNetworkRulesHold) {
  auto config =
      model::ParseConfig("tenants: [{name: a, keys: [{id: k, sha256: " + std::string(64, 'a') +
                         ", permissions: [read]}]}]\n");
  ASSERT_TRUE(config.ok()) << config.status();
  const model::ConfigTenantRegistry tenants(*config);
  const OutboundPolicy policy(&tenants, {});
  server_.SetPage("x");
  const ProbeResult result = HttpProber({}, &policy).Run({{"a", check_}}, stop_)[0];
  EXPECT_EQ(result.status, 0);
  EXPECT_NE(result.error.find("127.0.0.1"), std::string::npos) << result.error;
  EXPECT_TRUE(server_.requests().empty());
}

TEST_F(ExternalCheckTest, ResponseTimesAndCertificates) {
  ProbeResult probe;
  probe.status = 200;
  const absl::Time now = absl::FromUnixSeconds(1'700'000'000);
  check_.response_time_warning = 100;
  check_.response_time_critical = 200;
  check_.response_time_duration = 3;
  EXPECT_EQ(JudgeProbe(check_, probe, 100, now).level, AlertLevel::kOk);
  EXPECT_EQ(JudgeProbe(check_, probe, 101, now).level, AlertLevel::kWarning);
  const CheckResult slow = JudgeProbe(check_, probe, 201, now);
  EXPECT_EQ(slow.level, AlertLevel::kCritical);
  EXPECT_EQ(slow.value, 201);
  check_.certificate_warning = 30;
  check_.certificate_critical = 10;
  probe.certificate_expires = now + absl::Hours(24 * 31);
  EXPECT_EQ(JudgeProbe(check_, probe, 1, now).level, AlertLevel::kOk);
  probe.certificate_expires = now + absl::Hours(24 * 29);
  EXPECT_EQ(JudgeProbe(check_, probe, 1, now).level, AlertLevel::kWarning);
  EXPECT_EQ(JudgeProbe(check_, probe, 201, now).level, AlertLevel::kCritical) << "the worse one";
  probe.certificate_expires = now + absl::Hours(24 * 9);
  const CheckResult expiring = JudgeProbe(check_, probe, 1, now);
  EXPECT_EQ(expiring.level, AlertLevel::kCritical);
  EXPECT_EQ(expiring.message, "the certificate expires in 9 days");
}

}  // namespace
}  // namespace tidegate::control
