#include "api/prometheus/result_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace tidegate::api {
namespace {

std::string Json(query::QueryResult result, ResultOptions options = {}) {
  StringSink sink;
  JsonWriter json(&sink);
  WriteQueryResult(result, options, json);
  json.Flush();
  return sink.text();
}

query::ResultSeries Series(std::string name, std::vector<query::FloatPoint> floats) {
  query::ResultSeries series;
  series.labels = model::Labels({{"__name__", std::move(name)}, {"job", "a\"b"}});
  series.floats = std::move(floats);
  return series;
}

query::HistogramPoint Histogram(model::TimestampMs timestamp) {
  auto histogram = std::make_shared<model::FloatHistogram>();
  histogram->count = 2;
  histogram->sum = 3;
  return {timestamp, histogram};
}

TEST(WriteQueryResult, Scalar) {
  query::QueryResult result;
  result.value = query::ScalarResult{{4000, 2}};
  EXPECT_EQ(Json(result), R"({"resultType":"scalar","result":[4,"2"]})");
}

TEST(WriteQueryResult, String) {
  query::QueryResult result;
  result.value = query::StringResult{1500, "a\n"};
  EXPECT_EQ(Json(result), R"({"resultType":"string","result":[1.500,"a\n"]})");
}

TEST(WriteQueryResult, Vector) {
  query::QueryResult result;
  query::ResultSeries histogram = Series("h", {});
  histogram.histograms = {Histogram(4000)};
  result.value = query::VectorResult{{Series("up", {{4000, std::nan("")}}), histogram}};
  EXPECT_EQ(
      Json(result),
      R"({"resultType":"vector","result":[)"
      R"({"metric":{"__name__":"up","job":"a\"b"},"value":[4,"NaN"]},)"
      R"({"metric":{"__name__":"h","job":"a\"b"},"histogram":[4,{"count":"2","sum":"3"}]}]})");
}

TEST(WriteQueryResult, Matrix) {
  query::QueryResult result;
  query::ResultSeries mixed = Series("m", {{1000, 1}, {2000, 2.5}});
  mixed.histograms = {Histogram(3000)};
  result.value = query::MatrixResult{{mixed}};
  EXPECT_EQ(Json(result), R"({"resultType":"matrix","result":[{"metric":{"__name__":"m",)"
                          R"("job":"a\"b"},"values":[[1,"1"],[2,"2.5"]],)"
                          R"("histograms":[[3,{"count":"2","sum":"3"}]]}]})");
}

TEST(WriteQueryResult, EmptyResultsAreArrays) {
  query::QueryResult result;
  result.value = query::VectorResult{};
  EXPECT_EQ(Json(result), R"({"resultType":"vector","result":[]})");
  result.value = query::MatrixResult{};
  EXPECT_EQ(Json(result), R"({"resultType":"matrix","result":[]})");
}

TEST(WriteQueryResult, LimitCutsSeries) {
  query::QueryResult result;
  result.value = query::VectorResult{{Series("a", {{0, 1}}), Series("b", {{0, 1}})}};
  EXPECT_EQ(SeriesCount(result), 2u);
  EXPECT_EQ(Json(result, {1, StatsWanted::kNone}),
            R"({"resultType":"vector","result":[{"metric":)"
            R"({"__name__":"a","job":"a\"b"},"value":[0,"1"]}]})");
}

TEST(WriteQueryResult, StatsComeLast) {
  query::QueryResult result;
  result.value = query::ScalarResult{{0, 1}};
  result.stats.samples_read = 10;
  result.stats.series_read = 2;
  result.stats.peak_bytes = 320;
  result.stats.queue_seconds = 8;
  result.stats.prepare_seconds = 1;
  result.stats.evaluate_seconds = 2;
  result.stats.sort_seconds = 0.5;
  EXPECT_EQ(Json(result, {0, StatsWanted::kPerStep}),
            R"({"resultType":"scalar","result":[0,"1"],"stats":{"timings":)"
            R"({"evalTotalTime":3.5,"resultSortTime":0.5,"queryPreparationTime":1,)"
            R"("innerEvalTime":2,"execQueueTime":8,"execTotalTime":11.5},"samples":)"
            R"({"totalQueryableSamples":10,"samplesRead":10,"peakSamples":20,"seriesRead":2,)"
            R"("peakBytes":320}}})");
}

TEST(WriteQueryResult, StepsAreListedForThoseWhoAsk) {
  query::QueryResult result;
  result.value = query::ScalarResult{{0, 1}};
  result.stats.samples_read = 9;
  result.stats.first_step = 1'600'000'000'500;
  result.stats.step_ms = 15'000;
  result.stats.total_per_step = {5, 6};
  result.stats.read_per_step = {5, 2};
  EXPECT_THAT(
      Json(result, {0, StatsWanted::kPerStep}),
      testing::HasSubstr(
          R"({"totalQueryableSamplesPerStep":[[1600000000.500,5],[1600000015.500,6]],)"
          R"("totalQueryableSamples":11,)"
          R"("samplesReadPerStep":[[1600000000.500,5],[1600000015.500,2]],"samplesRead":7,)"));
  EXPECT_THAT(Json(result, {0, StatsWanted::kTotals}),
              testing::HasSubstr(R"({"totalQueryableSamples":11,"samplesRead":7,)"));
}

TEST(SeriesCount, ScalarsHaveNone) { EXPECT_EQ(SeriesCount(query::QueryResult()), 0u); }

TEST(WriteExemplars, PrometheusShape) {
  storage::SelectedExemplars selected;
  selected.labels = model::Labels({{"__name__", "a"}});
  selected.exemplars = {{model::Labels({{"trace_id", "t"}}), 6, 1600096945479}};
  StringSink sink;
  JsonWriter json(&sink);
  WriteExemplars({selected}, json);
  json.Flush();
  EXPECT_EQ(sink.text(),
            R"([{"seriesLabels":{"__name__":"a"},"exemplars":[)"
            R"({"labels":{"trace_id":"t"},"value":"6","timestamp":1600096945.479}]}])");
}

}  // namespace
}  // namespace tidegate::api
