#include "api/prometheus/query_endpoints.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/time/clock.h"
#include "api/testing/api_call.h"
#include "api/testing/fake_query_service.h"

namespace tidegate::api {
namespace {

using testing::HasSubstr;

query::QueryResult VectorOf(int series) {
  query::VectorResult vector;
  for (int i = 0; i < series; ++i) {
    query::ResultSeries one;
    one.labels = model::Labels({{"i", std::to_string(i)}});
    one.floats = {{4000, static_cast<double>(i)}};
    vector.series.push_back(std::move(one));
  }
  query::QueryResult result;
  result.value = std::move(vector);
  return result;
}

class QueryEndpointsTest : public testing::Test {
 protected:
  ApiCall Instant() { return ApiCall(InstantQueryEndpoint(&queries_, &clock_)); }
  ApiCall Range() { return ApiCall(RangeQueryEndpoint(&queries_)); }

  std::string RangeError(std::string start, std::string end, std::string step) {
    const RecordedResponse response = ApiCall(RangeQueryEndpoint(&queries_))
                                          .With("query", "up")
                                          .With("start", std::move(start))
                                          .With("end", std::move(end))
                                          .With("step", std::move(step))
                                          .Get();
    EXPECT_EQ(response.status, 400);
    return response.body;
  }

  FakeQueryService queries_;
  model::ManualClock clock_;
};

TEST_F(QueryEndpointsTest, InstantQuery) {
  queries_.WillAnswer("up", VectorOf(1));
  const RecordedResponse response =
      ApiCall(InstantQueryEndpoint(&queries_, &clock_)).With("query", "up").With("time", "4").Get();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, R"({"status":"success","data":{"resultType":"vector","result":)"
                           R"([{"metric":{"i":"0"},"value":[4,"0"]}]}})");
  EXPECT_EQ(queries_.asked().instant.time, 4000);
}

TEST_F(QueryEndpointsTest, TimeDefaultsToNow) {
  queries_.WillAnswer("up", VectorOf(0));
  clock_.SetMs(123456);
  Instant().With("query", "up").Get();
  EXPECT_EQ(queries_.asked().instant.time, 123456);
}

TEST_F(QueryEndpointsTest, QueriesThatDoNotParse) {
  const RecordedResponse response = Instant().With("query", "up{").Get();
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.body, R"({"status":"error","errorType":"bad_data","error":)"
                           R"("invalid parameter \"query\": 1:1: parse error: no expression )"
                           R"(found in input"})");
}

TEST_F(QueryEndpointsTest, ExecutionErrorsKeepTheirText) {
  queries_.WillFail("a * b", absl::FailedPreconditionError("many-to-many"));
  const RecordedResponse response = Instant().With("query", "a * b").Get();
  EXPECT_EQ(response.status, 422);
  EXPECT_EQ(response.body, R"({"status":"error","errorType":"execution","error":"many-to-many"})");
}

TEST_F(QueryEndpointsTest, LimitTruncatesAndWarns) {
  queries_.WillAnswer("up", VectorOf(3));
  const std::string body = Instant().With("query", "up").With("limit", "2").Body();
  EXPECT_THAT(body, HasSubstr(R"("metric":{"i":"1"})"));
  EXPECT_EQ(body.find(R"("metric":{"i":"2"})"), body.npos);
  EXPECT_THAT(body, HasSubstr(R"("warnings":["results truncated due to limit"])"));
  EXPECT_EQ(queries_.asked().instant.limit, 3u);  // One more tells whether there are more.
}

TEST_F(QueryEndpointsTest, LimitThatIsNotExceededDoesNotWarn) {
  queries_.WillAnswer("up", VectorOf(2));
  EXPECT_EQ(Instant().With("query", "up").With("limit", "2").Body().find("warnings"),
            std::string::npos);
  Instant().With("query", "up").With("limit", "0").Get();
  EXPECT_EQ(queries_.asked().instant.limit, 0u);
}

TEST_F(QueryEndpointsTest, BadOptions) {
  EXPECT_THAT(Instant().With("limit", "-1").Body(),
              HasSubstr(R"(invalid parameter \"limit\": limit must be non-negative)"));
  EXPECT_THAT(Instant().With("timeout", "x").Body(),
              HasSubstr(R"(invalid parameter \"timeout\": cannot parse \"x\")"));
  EXPECT_THAT(Instant().With("lookback_delta", "x").Body(),
              HasSubstr(R"(error parsing lookback delta duration: cannot parse \"x\")"));
}

TEST_F(QueryEndpointsTest, LookbackAndTimeoutArePassedOn) {
  queries_.WillAnswer("up", VectorOf(0));
  Instant().With("query", "up").With("lookback_delta", "1m").With("timeout", "2s").Get();
  EXPECT_EQ(queries_.asked().instant.lookback_ms, 60'000);
  EXPECT_LE(queries_.asked().context.deadline, absl::Now() + absl::Seconds(2));
}

TEST_F(QueryEndpointsTest, TimeoutCannotExceedTheTenants) {
  queries_.WillAnswer("up", VectorOf(0));
  Instant().With("query", "up").With("timeout", "1y").Get();
  EXPECT_LE(queries_.asked().context.deadline,
            absl::Now() + model::TenantLimits().max_query_timeout);
}

TEST_F(QueryEndpointsTest, WarningsInfosAndStats) {
  query::QueryResult result = VectorOf(0);
  result.warnings = {"PromQL warning: w (1:1)"};
  result.infos = {"PromQL info: i (1:1)"};
  result.stats.samples_read = 5;
  queries_.WillAnswer("up", result);
  EXPECT_EQ(Instant().With("query", "up").Body(),
            R"({"status":"success","data":{"resultType":"vector","result":[]},)"
            R"_("warnings":["PromQL warning: w (1:1)"],"infos":["PromQL info: i (1:1)"]})_");
  EXPECT_THAT(Instant().With("query", "up").With("stats", "all").Body(),
              HasSubstr(R"("totalQueryableSamples":5)"));
  EXPECT_TRUE(queries_.asked().instant.count_steps);
  EXPECT_THAT(Instant().With("query", "up").With("stats", "foo").Body(),
              HasSubstr(R"("totalQueryableSamples":5)"));
  Instant().With("query", "up").Get();
  EXPECT_FALSE(queries_.asked().instant.count_steps);
}

TEST_F(QueryEndpointsTest, ValuesOfStatsThatWillNotBeTakenForEverBringAWarning) {
  queries_.WillAnswer("up", VectorOf(0));
  for (const std::string value : {"true", "all", ""}) {
    EXPECT_EQ(Instant().With("query", "up").With("stats", value).Body().find("warnings"),
              std::string::npos);
  }
  EXPECT_THAT(
      Instant().With("query", "up").With("stats", "1").Body(),
      HasSubstr(R"_("warnings":["value \"1\" for parameter \"stats\" is deprecated and will be )_"
                R"_(rejected in the next major release, use \"true\" or \"all\""])_"));
}

TEST_F(QueryEndpointsTest, RangeQuery) {
  query::ResultSeries series;
  series.labels = model::Labels({{"__name__", "up"}});
  series.floats = {{1000, 1}, {1500, 0}};
  query::QueryResult result;
  result.value = query::MatrixResult{{series}};
  queries_.WillAnswer("up", result);
  const RecordedResponse response = ApiCall(RangeQueryEndpoint(&queries_))
                                        .With("query", "up")
                                        .With("start", "1")
                                        .With("end", "1970-01-01T00:00:02Z")
                                        .With("step", "0.5")
                                        .Get();
  EXPECT_EQ(response.body, R"({"status":"success","data":{"resultType":"matrix","result":)"
                           R"([{"metric":{"__name__":"up"},"values":[[1,"1"],[1.500,"0"]]}]}})");
  EXPECT_EQ(queries_.asked().range.start, 1000);
  EXPECT_EQ(queries_.asked().range.end, 2000);
  EXPECT_EQ(queries_.asked().range.step_ms, 500);
}

TEST_F(QueryEndpointsTest, RangeErrors) {
  EXPECT_THAT(RangeError("", "2", "1"), HasSubstr(R"(invalid parameter \"start\": cannot parse)"));
  EXPECT_THAT(
      RangeError("2", "1", "1"),
      HasSubstr(R"(invalid parameter \"end\": end timestamp must not be before start time)"));
  EXPECT_THAT(RangeError("1", "2", "0"),
              HasSubstr(R"(invalid parameter \"step\": zero or negative query resolution step )"
                        "widths are not accepted. Try a positive integer"));
  EXPECT_THAT(RangeError("1", "2", "-5m"), HasSubstr("cannot parse"));
  EXPECT_THAT(RangeError("1", "2", "0.0001"), HasSubstr("zero or negative"));
}

TEST_F(QueryEndpointsTest, AtMost11000Points) {
  queries_.WillAnswer("up", VectorOf(0));
  EXPECT_THAT(RangeError("0", "11001", "1"),
              HasSubstr("exceeded maximum resolution of 11,000 points per timeseries. Try "
                        "decreasing the query resolution (?step=XX)"));
  EXPECT_EQ(Range()
                .With("query", "up")
                .With("start", "0")
                .With("end", "11000")
                .With("step", "1")
                .Get()
                .status,
            200);
}

TEST_F(QueryEndpointsTest, TheWholeOfTimeDoesNotOverflow) {
  EXPECT_THAT(RangeError("-1e300", "1e300", "1ms"), HasSubstr("exceeded maximum resolution"));
}

TEST_F(QueryEndpointsTest, Exemplars) {
  queries_.SetExemplars({{model::Labels({{"a", "b"}}), {}}});
  EXPECT_EQ(ApiCall(ExemplarsEndpoint(&queries_)).With("query", "a").Body(),
            R"({"status":"success","data":[{"seriesLabels":{"a":"b"},"exemplars":[]}]})");
}

TEST_F(QueryEndpointsTest, ExemplarTimesMayBeMillisecondsByMistake) {
  const RecordedResponse response = ApiCall(ExemplarsEndpoint(&queries_))
                                        .With("query", "test")
                                        .With("start", "1700000000000")
                                        .With("end", "1700003600000")
                                        .Get();
  EXPECT_EQ(response.body, R"({"status":"success","data":[]})");
  EXPECT_EQ(queries_.asked().exemplar_range.min, 1'700'000'000'000'000);
}

TEST_F(QueryEndpointsTest, ExemplarsBackwards) {
  EXPECT_THAT(ApiCall(ExemplarsEndpoint(&queries_)).With("start", "2").With("end", "1").Body(),
              HasSubstr("end timestamp must not be before start timestamp"));
}

TEST_F(QueryEndpointsTest, FormatAndParse) {
  EXPECT_EQ(ApiCall(FormatQueryEndpoint(&queries_)).With("query", "up").Body(),
            R"({"status":"success","data":"formatted up"})");
  EXPECT_EQ(ApiCall(ParseQueryEndpoint(&queries_)).With("query", "up").Body(),
            R"({"status":"success","data":{"type":"vectorSelector","name":"up"}})");
  EXPECT_EQ(ApiCall(FormatQueryEndpoint(&queries_)).Get().status, 400);
  EXPECT_THAT(ApiCall(ParseQueryEndpoint(&queries_)).Body(),
              HasSubstr(R"(invalid parameter \"query\")"));
}

}  // namespace
}  // namespace tidegate::api
