#include "api/federate/federate_handler.h"

#include <gtest/gtest.h>

#include <string>

#include "api/testing/fake_series_source.h"
#include "api/testing/fake_tenants.h"
#include "api/testing/recorded_response.h"

namespace tidegate::api {
namespace {

class FederateHandlerTest : public testing::Test {
 protected:
  FederateHandlerTest() {
    AddFederateRoutes(&resolver_, &source_, &clock_, &router_);
    clock_.SetMs(1'000'000);
  }

  RecordedResponse Get(const std::vector<std::string>& matches, std::string_view accept = {}) {
    HttpRequest http;
    for (const std::string& match : matches) http.query.Add("match[]", match);
    if (!accept.empty()) http.headers.Add("Accept", accept);
    RecordedResponse response;
    router_.Find(HttpMethod::kGet, {"federate"}).route->handler(http, response);
    return response;
  }

  FakeTenants tenants_;
  TenantResolver resolver_{&tenants_, false};
  FakeSeriesSource source_;
  model::ManualClock clock_;
  Router router_;
};

TEST_F(FederateHandlerTest, FamiliesAreSortedAndUntyped) {
  source_.Add({{"__name__", "up"}, {"job", "b"}}, {990'000, 995'000}, {1, 0});
  source_.Add({{"__name__", "up"}, {"instance", "x:1"}, {"job", "a\"\\\n"}}, {999'000}, {1});
  source_.Add({{"__name__", "bytes"}}, {999'500}, {1234567});
  const RecordedResponse response = Get({"{__name__=~\".+\"}", "up"});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type,
            "text/plain; version=0.0.4; charset=utf-8; escaping=underscores");
  EXPECT_EQ(response.body,
            "# TYPE bytes untyped\n"
            "bytes{instance=\"\"} 1.234567e+06 999500\n"
            "# TYPE up untyped\n"
            "up{instance=\"x:1\",job=\"a\\\"\\\\\\n\"} 1 999000\n"
            "up{job=\"b\",instance=\"\"} 0 995000\n");
}

TEST_F(FederateHandlerTest, OldAndStaleSeriesAreLeftOut) {
  source_.Add({{"__name__", "old"}}, {700'000}, {1});  // Exactly the lookback: not seen.
  source_.Add({{"__name__", "stale"}}, {990'000, 995'000}, {1, model::StaleNan()});
  source_.Add({{"__name__", "seen"}}, {700'001}, {1});
  EXPECT_EQ(Get({"{__name__=~\".+\"}"}).body,
            "# TYPE seen untyped\nseen{instance=\"\"} 1 700001\n");
}

TEST_F(FederateHandlerTest, NamesBeyondTheClassicOnes) {
  source_.Add({{"__name__", "http.requests"}, {"a.b", "c"}}, {999'000}, {0.00001});
  EXPECT_EQ(Get({"{\"http.requests\"}"}).body,
            "# TYPE http_requests untyped\nhttp_requests{a_b=\"c\",instance=\"\"} 1e-05 999000\n");
  EXPECT_EQ(Get({"{\"http.requests\"}"}, "text/plain;version=1.0.0;escaping=allow-utf-8").body,
            "# TYPE \"http.requests\" untyped\n"
            "{\"http.requests\",\"a.b\"=\"c\",instance=\"\"} 1e-05 999000\n");
}

TEST_F(FederateHandlerTest, WhatItHoldsIsBounded) {
  model::TenantLimits limits;
  limits.max_query_bytes = 60;
  tenants_.Add("default", limits);
  source_.Add(
      {{"__name__", "up"}, {"job", "a job with a name of more than sixty bytes, quoted here"}},
      {999'000}, {1});
  EXPECT_EQ(Get({"up"}).status, 422);
}

TEST_F(FederateHandlerTest, MistakesAndFailuresHaveTheirCodes) {
  EXPECT_EQ(Get({"up{"}).status, 400);
  EXPECT_EQ(Get({"{a=\"\"}"}).status, 400);
  EXPECT_EQ(Get({}).body, "");
  source_.Fail(absl::UnavailableError("the store is away"));
  EXPECT_EQ(Get({"up"}).status, 503);
}

}  // namespace
}  // namespace tidegate::api
