#include "api/microprofile/json_format.h"

#include <gtest/gtest.h>

namespace tidegate::api {
namespace {

std::string Value(const MetricValue& value) {
  StringSink sink;
  JsonWriter json(&sink);
  WriteValue({value, "none", "", {}}, &json);
  json.Flush();
  return sink.text();
}

std::string Metadata(std::string_view name, const Metric& metric, const Tags& global = {}) {
  StringSink sink;
  JsonWriter json(&sink);
  WriteMetadata(name, metric, global, &json);
  json.Flush();
  return sink.text();
}

TEST(WriteValue, GaugesAndCountersAreNumbers) {
  EXPECT_EQ(Value(Counter{45}), "45");
  EXPECT_EQ(Value(Gauge{-0.5}), "-0.5");
  EXPECT_EQ(Value(Gauge{1e18}), "1000000000000000000");
}

TEST(WriteValue, AMeter) {
  MeterFigures meter;
  meter.rates = {29382, 12.223, 12.563, 12.364, 12.126};
  EXPECT_EQ(Value(meter),
            R"({"count":29382,"meanRate":12.223,"oneMinRate":12.563,"fiveMinRate":12.364,)"
            R"("fifteenMinRate":12.126})");
}

TEST(WriteValue, AHistogram) {
  HistogramFigures histogram;
  histogram.values = {2, -1624, 26, -799, 825, 26, 26, 26, 26, 26, 26};
  EXPECT_EQ(Value(histogram),
            R"({"count":2,"min":-1624,"max":26,"mean":-799,"stddev":825,"p50":26,"p75":26,)"
            R"("p95":26,"p98":26,"p99":26,"p999":26})");
}

TEST(WriteValue, ATimerIsInNanoseconds) {
  TimerFigures timer;
  timer.rates.count = 3;
  timer.seconds.count = 3;
  timer.seconds.max = 0.25;
  const std::string text = Value(timer);
  EXPECT_NE(text.find(R"("count":3,"meanRate":0,)"), std::string::npos);
  EXPECT_NE(text.find(R"("max":250000000)"), std::string::npos) << text;
  for (const char* key : {"count", "meanRate", "oneMinRate", "fiveMinRate", "fifteenMinRate", "min",
                          "max", "mean", "stddev", "p50", "p75", "p95", "p98", "p99", "p999"}) {
    EXPECT_NE(text.find('"' + std::string(key) + "\":"), std::string::npos) << key;
  }
}

TEST(WriteMetadata, SaysWhatIsKnown) {
  EXPECT_EQ(Metadata("fooVal", {Gauge{1}, "milliseconds", "The average.", {{"app", "webshop"}}},
                     {{"tier", "integration"}}),
            R"({"unit":"milliseconds","type":"gauge","description":"The average.",)"
            R"("displayName":"Foo Val","tags":"tier=integration,app=webshop"})");
}

TEST(WriteMetadata, LeavesOutWhatIsEmpty) {
  EXPECT_EQ(Metadata("memory.usedHeap", {Counter{1}, "none", "", {}}),
            R"({"unit":"none","type":"counter","displayName":"Memory Used Heap"})");
}

}  // namespace
}  // namespace tidegate::api
