#include "api/prometheus/cardinality_endpoints.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/prometheus/features_endpoint.h"
#include "api/testing/api_call.h"
#include "api/testing/fake_series_source.h"

namespace tidegate::api {
namespace {

using testing::HasSubstr;

constexpr model::TimestampMs kNow = 1'790'000'000'000;
constexpr model::TimestampMs kDay = 86'400'000;

class CardinalityEndpointsTest : public testing::Test {
 protected:
  CardinalityEndpointsTest() {
    clock_.SetMs(kNow);
    source_.Add({{"__name__", "up"}, {"job", "a"}, {"host", "h1"}}, {kNow - 1000}, {1});
    source_.Add({{"__name__", "up"}, {"job", "a"}, {"host", "h2"}}, {kNow - 1000}, {1});
    source_.Add({{"__name__", "load"}, {"job", "b"}}, {kNow - 1000}, {1});
    source_.Add({{"__name__", "gone"}, {"job", "c"}}, {kNow - 2 * kDay}, {1});
    sources_ = {&source_, nullptr, &clock_};
  }

  FakeSeriesSource source_;
  model::ManualClock clock_;
  CardinalitySources sources_;
};

TEST_F(CardinalityEndpointsTest, TsdbStatusCountsActiveSeries) {
  const std::string body = ApiCall(TsdbStatusEndpoint(sources_)).Body();
  EXPECT_THAT(body, HasSubstr(R"("headStats":{"numSeries":3,"numLabelPairs":6,"chunkCount":0)"));
  EXPECT_THAT(body, HasSubstr(R"("seriesCountByMetricName":[{"name":"up","value":2},)"
                              R"({"name":"load","value":1}])"));
  EXPECT_THAT(body, HasSubstr(R"("labelValueCountByLabelName":[{"name":"__name__","value":2},)"
                              R"({"name":"host","value":2},{"name":"job","value":2}])"));
  EXPECT_THAT(body, HasSubstr(R"("memoryInBytesByLabelName":[{"name":"__name__","value":6})"));
  EXPECT_THAT(body, HasSubstr(R"("seriesCountByLabelValuePair":[{"name":"__name__=up","value":2},)"
                              R"({"name":"job=a","value":2})"));
  EXPECT_EQ(body.find("gone"), body.npos);
}

TEST_F(CardinalityEndpointsTest, TsdbStatusOfADayWithFocus) {
  const std::string body = ApiCall(TsdbStatusEndpoint(sources_))
                               .With("date", "2026-09-19")
                               .With("focusLabel", "job")
                               .Body();
  EXPECT_THAT(body, HasSubstr(R"("seriesCountByFocusLabelValue":[{"name":"c","value":1}])"));
  EXPECT_THAT(body, HasSubstr(R"("totalSeries":1)"));
}

TEST_F(CardinalityEndpointsTest, TsdbStatusRefusesBadParameters) {
  for (const auto& [name, value] :
       {std::pair("limit", "0"), std::pair("limit", "10001"), std::pair("topN", "x"),
        std::pair("date", "yesterday"), std::pair("match[]", "{")}) {
    EXPECT_EQ(ApiCall(TsdbStatusEndpoint(sources_)).With(name, value).Get().status, 400) << value;
  }
  EXPECT_THAT(ApiCall(TsdbStatusEndpoint(sources_)).With("limit", "1").Body(),
              HasSubstr(R"("seriesCountByMetricName":[{"name":"up","value":2}])"));
}

TEST_F(CardinalityEndpointsTest, LabelNames) {
  EXPECT_EQ(ApiCall(CardinalityLabelNamesEndpoint(sources_)).With("selector", "up").Body(),
            R"({"label_values_count_total":4,"label_names_count":3,"cardinality":[)"
            R"({"label_name":"host","label_values_count":2},)"
            R"({"label_name":"__name__","label_values_count":1},)"
            R"({"label_name":"job","label_values_count":1}]})");
  EXPECT_EQ(ApiCall(CardinalityLabelNamesEndpoint(sources_)).With("limit", "501").Get().status,
            400);
  EXPECT_EQ(ApiCall(CardinalityLabelNamesEndpoint(sources_)).With("count_method", "x").Get().status,
            400);
}

TEST_F(CardinalityEndpointsTest, LabelValues) {
  EXPECT_EQ(ApiCall(CardinalityLabelValuesEndpoint(sources_)).With("label_names[]", "job").Body(),
            R"({"series_count_total":3,"labels":[{"label_name":"job","label_values_count":2,)"
            R"("series_count":3,"cardinality":[{"label_value":"a","series_count":2},)"
            R"({"label_value":"b","series_count":1}]}]})");
  EXPECT_EQ(ApiCall(CardinalityLabelValuesEndpoint(sources_)).Get().status, 400);
}

TEST_F(CardinalityEndpointsTest, ActiveIsLessThanInMemory) {
  source_.Add({{"__name__", "idle"}}, {kNow - kActiveMs - 1000}, {1});
  const auto names = [this](const char* method) {
    return ApiCall(CardinalityLabelValuesEndpoint(sources_))
        .With("label_names[]", "__name__")
        .With("count_method", method)
        .Body();
  };
  EXPECT_THAT(names("inmemory"), HasSubstr("idle"));
  EXPECT_EQ(names(""), names("inmemory"));
  EXPECT_EQ(names("active").find("idle"), std::string::npos);
  EXPECT_EQ(ApiCall(ActiveSeriesEndpoint(sources_)).With("selector", "idle").Body(),
            R"({"data":[]})");
}

TEST_F(CardinalityEndpointsTest, ActiveSeriesAreListed) {
  EXPECT_EQ(ApiCall(ActiveSeriesEndpoint(sources_)).With("selector", "{job=\"b\"}").Body(),
            R"({"data":[{"__name__":"load","job":"b"}]})");
  EXPECT_EQ(ApiCall(ActiveSeriesEndpoint(sources_)).Get().status, 400);
  source_.Fail(absl::UnavailableError("the store is away"));
  EXPECT_EQ(ApiCall(ActiveSeriesEndpoint(sources_)).With("selector", "up").Get().status, 503);
}

TEST(FeaturesEndpointTest, SaysWhatWorks) {
  const std::string body = ApiCall(FeaturesEndpoint()).Body();
  EXPECT_THAT(body, HasSubstr(R"("promql":{"anchored":true,)"));
  EXPECT_THAT(body, HasSubstr(R"("lifecycle":false)"));
  EXPECT_THAT(body, HasSubstr(R"("promql_functions":{"abs":true,"absent":true,)"));
  EXPECT_THAT(body, HasSubstr(R"("year":true},"promql_operators":{"!=":true,"!~":true,"%":true,)"));
  EXPECT_THAT(body, HasSubstr(R"("limit_ratio":true,"limitk":true,)"));
}

}  // namespace
}  // namespace tidegate::api
