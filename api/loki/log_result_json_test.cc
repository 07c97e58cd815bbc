#include "api/loki/log_result_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <string>

namespace tidegate::api {
namespace {

query::LogQueryResult Streams() {
  query::LogStream plain;
  plain.labels = plain.stream_labels = model::Labels{{"app", "a"}};
  plain.entries.push_back({7, "first \"line\"", {}, {}});
  query::LogStream rich;
  rich.labels = model::Labels{{"app", "a"}, {"level", "info"}, {"user", "u"}};
  rich.stream_labels = model::Labels{{"app", "a"}};
  rich.entries.push_back(
      {8, "second", model::Labels{{"level", "info"}}, model::Labels{{"user", "u"}}});
  query::LogQueryResult result;
  result.value = query::StreamsResult{{plain, rich}};
  return result;
}

// Without the stats, which every answer has.
std::string Json(const query::LogQueryResult& result, bool categorize = false) {
  StringSink sink;
  JsonWriter json(&sink);
  WriteLogQueryResult(result, categorize, json);
  json.Flush();
  boost::json::object object = boost::json::parse(sink.text()).as_object();
  EXPECT_TRUE(object.contains("stats"));
  object.erase("stats");
  return boost::json::serialize(object);
}

TEST(WriteLogQueryResult, Streams) {
  EXPECT_EQ(Json(Streams()),
            R"({"resultType":"streams","result":[)"
            R"({"stream":{"app":"a"},"values":[["7","first \"line\""]]},)"
            R"({"stream":{"app":"a","level":"info","user":"u"},"values":[["8","second"]]}]})");
}

TEST(WriteLogQueryResult, StreamsWithCategories) {
  const std::string json = Json(Streams(), true);
  EXPECT_THAT(json, testing::HasSubstr(R"("encodingFlags":["categorize-labels"])"));
  EXPECT_THAT(json,
              testing::HasSubstr(R"({"stream":{"app":"a"},"values":[["7","first \"line\"",{}]]})"));
  EXPECT_THAT(json, testing::HasSubstr(
                        R"({"stream":{"app":"a"},"values":[["8","second",)"
                        R"({"structuredMetadata":{"level":"info"},"parsed":{"user":"u"}}]]})"));
}

TEST(WriteLogQueryResult, MetricQueries) {
  query::ResultSeries series;
  series.labels = model::Labels{{"app", "a"}};
  series.floats = {{1000, 2}, {2500, 0.5}};
  query::LogQueryResult result;
  result.value = query::MatrixResult{{series}};
  EXPECT_EQ(Json(result), R"({"resultType":"matrix","result":[{"metric":{"app":"a"},)"
                          R"("values":[[1,"2"],[2.5E0,"0.5"]]}]})");
  result.value = query::VectorResult{{series}};
  EXPECT_EQ(Json(result),
            R"({"resultType":"vector","result":[{"metric":{"app":"a"},"value":[1,"2"]}]})");
  result.value = query::ScalarResult{{1000, 3}};
  EXPECT_EQ(Json(result), R"({"resultType":"scalar","result":[1,"3"]})");
}

TEST(WriteLogQueryResult, StatsAreComplete) {
  query::LogQueryResult result = Streams();
  result.stats.lines_processed = 100;
  result.stats.exec_seconds = 0.5;
  StringSink sink;
  JsonWriter json(&sink);
  WriteLogQueryResult(result, false, json);
  json.Flush();
  const boost::json::value parsed = boost::json::parse(sink.text());
  const boost::json::object& stats = parsed.at("stats").as_object();
  EXPECT_EQ(stats.at("summary").at("totalLinesProcessed").as_int64(), 100);
  EXPECT_EQ(stats.at("summary").at("linesProcessedPerSecond").as_int64(), 200);
  for (const char* part : {"querier", "ingester", "cache", "index"}) {
    EXPECT_TRUE(stats.contains(part)) << part;
  }
  EXPECT_EQ(stats.at("cache").as_object().size(), 10u);
}

TEST(WantsCategorizedLabels, AListWithCommas) {
  EXPECT_TRUE(WantsCategorizedLabels("categorize-labels"));
  EXPECT_TRUE(WantsCategorizedLabels("other, categorize-labels"));
  EXPECT_FALSE(WantsCategorizedLabels(""));
  EXPECT_FALSE(WantsCategorizedLabels("categorize"));
}

}  // namespace
}  // namespace tidegate::api
