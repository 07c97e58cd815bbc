#include "api/prometheus/status_endpoints.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/testing/api_call.h"

namespace tidegate::api {
namespace {

using testing::HasSubstr;

TEST(StatusEndpoints, BuildInfo) {
  EXPECT_EQ(ApiCall(BuildInfoEndpoint("1.2.3", "abc", "2026-01-01")).Body(),
            R"({"status":"success","data":{"version":"1.2.3","revision":"abc","branch":"",)"
            R"("buildUser":"","buildDate":"2026-01-01","goVersion":""}})");
}

TEST(StatusEndpoints, RuntimeInfo) {
  model::ManualClock clock;
  clock.SetMs(1500);
  const RuntimeFacts facts{absl::FromUnixSeconds(1), "/data", "30d"};
  const std::string body = ApiCall(RuntimeInfoEndpoint(facts, &clock)).Body();
  EXPECT_THAT(body, HasSubstr(R"("startTime":"1970-01-01T00:00:01Z","CWD":"/data")"));
  EXPECT_THAT(body, HasSubstr(R"("serverTime":"1970-01-01T00:00:01.5Z")"));
  EXPECT_THAT(body, HasSubstr(R"("storageRetention":"30d"}})"));
}

TEST(StatusEndpoints, Flags) {
  EXPECT_EQ(ApiCall(FlagsEndpoint({{"target", "all"}, {"retention", "0"}})).Body(),
            R"({"status":"success","data":{"target":"all","retention":"0"}})");
}

TEST(StatusEndpoints, Config) {
  EXPECT_EQ(ApiCall(ConfigEndpoint([] { return "trust_org_id: true\n"; })).Body(),
            R"({"status":"success","data":{"yaml":"trust_org_id: true\n"}})");
}

}  // namespace
}  // namespace tidegate::api
