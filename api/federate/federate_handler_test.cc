#include "api/federate/federate_handler.h"

#include <gtest/gtest.h>

#include <string>

#include "api/federate/exposition_format.h"
#include "api/testing/fake_series_source.h"
#include "api/testing/fake_tenants.h"
#include "api/testing/recorded_response.h"
#include "proto/prometheus/metrics.pb.h"

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

constexpr std::string_view kProtobuf =
    "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";

std::vector<prompb::client::MetricFamily> FamiliesIn(std::string_view body) {
  std::vector<prompb::client::MetricFamily> families;
  while (!body.empty()) {
    const auto size = static_cast<uint8_t>(body[0]);  // Families of the tests are small.
    EXPECT_LT(size, 0x80);
    EXPECT_TRUE(families.emplace_back().ParseFromString(std::string(body.substr(1, size))));
    body.remove_prefix(1 + size);
  }
  return families;
}

TEST_F(FederateHandlerTest, ProtobufHasHistograms) {
  model::FloatHistogram histogram;
  histogram.count = 3;
  histogram.positive_spans = {{1, 1}};
  histogram.positive_buckets = {3};
  model::FloatHistogram gauge = histogram;
  gauge.counter_reset_hint = model::CounterResetHint::kGauge;
  model::FloatHistogram custom = histogram;
  custom.schema = model::kCustomBucketsSchema;
  model::FloatHistogram stale;
  stale.sum = model::StaleNan();
  source_.Add({{"__name__", "a"}, {"i", "1"}}, {990'000}, {1}, {{995'000, 0, histogram}});
  source_.Add({{"__name__", "a"}, {"i", "2"}}, {999'000}, {2}, {{995'000, 0, histogram}});
  source_.Add({{"__name__", "b.c"}}, {}, {}, {{998'000, 0, gauge}});
  source_.Add({{"__name__", "custom"}}, {}, {}, {{998'000, 0, custom}});
  source_.Add({{"__name__", "gone"}}, {}, {}, {{997'000, 0, histogram}, {998'000, 0, stale}});
  const RecordedResponse response = Get({"{__name__=~\".+\"}"}, kProtobuf);
  EXPECT_EQ(response.content_type, std::string(ContentTypeOf({.protobuf = true})));
  const auto families = FamiliesIn(response.body);
  ASSERT_EQ(families.size(), 3U);
  EXPECT_EQ(families[0].name(), "a");
  EXPECT_EQ(families[0].type(), prompb::client::HISTOGRAM);
  EXPECT_EQ(families[0].metric(0).timestamp_ms(), 995'000);
  EXPECT_EQ(families[0].metric(0).histogram().sample_count_float(), 3);
  EXPECT_EQ(families[1].name(), "a");
  EXPECT_EQ(families[1].type(), prompb::client::UNTYPED);
  EXPECT_EQ(families[1].metric(0).untyped().value(), 2);
  EXPECT_EQ(families[1].metric(0).label(1).name(), "instance");
  EXPECT_EQ(families[2].name(), "b_c");
  EXPECT_EQ(families[2].type(), prompb::client::GAUGE_HISTOGRAM);
  EXPECT_EQ(Get({"{__name__=~\".+\"}"}).body,
            "# TYPE a untyped\na{i=\"2\",instance=\"\"} 2 999000\n");
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
