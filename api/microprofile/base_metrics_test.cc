#include "api/microprofile/base_metrics.h"

#include <gtest/gtest.h>

#include <map>

namespace tidegate::api {
namespace {

double Value(const ScopeMetrics& metrics, const std::string& name) {
  const MetricValue& value = metrics.at(name).value;
  const auto* const gauge = std::get_if<Gauge>(&value);
  return gauge != nullptr ? gauge->value : std::get<Counter>(value).value;
}

// Type and unit of each, as the test kit of MicroProfile Metrics 1.1 asks for them; it counts those
// that only a virtual machine has, too.
TEST(BaseMetrics, HaveTheTypesAndUnitsOfTheSpecification) {
  const std::map<std::string, std::pair<std::string, std::string>> wanted = {
      {"thread.count", {"counter", "none"}},          {"thread.max.count", {"counter", "none"}},
      {"thread.daemon.count", {"counter", "none"}},   {"memory.maxHeap", {"gauge", "bytes"}},
      {"memory.usedHeap", {"gauge", "bytes"}},        {"memory.committedHeap", {"gauge", "bytes"}},
      {"cpu.availableProcessors", {"gauge", "none"}}, {"cpu.systemLoadAverage", {"gauge", "none"}},
      {"cpu.processCpuLoad", {"gauge", "percent"}},   {"jvm.uptime", {"gauge", "milliseconds"}},
      {"process.uptime", {"gauge", "milliseconds"}},
  };
  const ScopeMetrics metrics = BaseMetrics().Read({});
  EXPECT_EQ(metrics.size(), wanted.size());
  for (const auto& [name, type_and_unit] : wanted) {
    ASSERT_TRUE(metrics.contains(name)) << name;
    EXPECT_EQ(TypeName(metrics.at(name).value), type_and_unit.first) << name;
    EXPECT_EQ(metrics.at(name).unit, type_and_unit.second) << name;
    EXPECT_FALSE(metrics.at(name).description.empty()) << name;
  }
}

TEST(BaseMetrics, TheMostThreadsStay) {
  BaseMetrics base;
  model::ProcessFigures figures;
  figures.threads = 9;
  base.Read(figures);
  figures.threads = 4;
  const ScopeMetrics metrics = base.Read(figures);
  EXPECT_EQ(Value(metrics, "thread.count"), 4);
  EXPECT_EQ(Value(metrics, "thread.daemon.count"), 3);
  EXPECT_EQ(Value(metrics, "thread.max.count"), 9);
}

TEST(BaseMetrics, TheLoadIsThatSinceTheLastReading) {
  BaseMetrics base;
  model::ProcessFigures figures;
  figures.processors = 2;
  figures.uptime_seconds = 10;
  figures.cpu_seconds = 5;
  EXPECT_DOUBLE_EQ(Value(base.Read(figures), "cpu.processCpuLoad"), 0.25);
  figures.uptime_seconds = 20;
  figures.cpu_seconds = 20;
  EXPECT_DOUBLE_EQ(Value(base.Read(figures), "cpu.processCpuLoad"), 0.75);
  figures.uptime_seconds = 20.01;  // Too soon to tell.
  EXPECT_DOUBLE_EQ(Value(base.Read(figures), "cpu.processCpuLoad"), 0.75);
}

}  // namespace
}  // namespace tidegate::api
