#include "model/metrics/metrics_registry.h"

#include <gtest/gtest.h>

#include <type_traits>

namespace tidegate::model {
namespace {

class MetricsRegistryTest : public testing::Test {
 protected:
  // The only metric of the family.
  prometheus::ClientMetric Only(const std::string& name) {
    for (const auto& family : registry.Collect()) {
      if (family.name == name && family.metric.size() == 1) return family.metric.front();
    }
    ADD_FAILURE() << name;
    return {};
  }

  absl::Duration now = absl::Seconds(1000);
  MetricsRegistry registry{[this] { return now; }};
};

TEST_F(MetricsRegistryTest, ATimerIsThereInBothWays) {
  Timer& timer = registry.AddTimer("a_seconds", "Of a.", {0.1, 1});
  timer.Observe(0.05);
  timer.Observe(0.5);
  const prometheus::ClientMetric bucketed = Only("a_seconds");
  EXPECT_EQ(bucketed.histogram.sample_count, 2u);
  EXPECT_EQ(bucketed.histogram.bucket[0].cumulative_count, 1u);
  EXPECT_EQ(timer.Seconds().count, 2u);
  EXPECT_EQ(timer.Seconds().max, 0.5);
  now += absl::Seconds(10);
  EXPECT_DOUBLE_EQ(timer.Rates().mean, 0.2);
}

TEST_F(MetricsRegistryTest, AHistogramIsThereInBothWays) {
  ValueHistogram& sizes = registry.AddHistogram("a_bytes", "Of a.", {10}, {{"kind", "b"}});
  sizes.Observe(7);
  EXPECT_EQ(Only("a_bytes").histogram.sample_sum, 7);
  EXPECT_EQ(Only("a_bytes").label.front().value, "b");
  EXPECT_EQ(sizes.Values().p50, 7);
}

TEST_F(MetricsRegistryTest, AMeterIsACounterWithRates) {
  Meter& meter = registry.AddMeter("a_total", "Of a.");
  meter.Mark(50);
  EXPECT_EQ(Only("a_total").counter.value, 50);
  now += absl::Seconds(5);
  EXPECT_DOUBLE_EQ(meter.Rates().one_minute, 10);
}

TEST_F(MetricsRegistryTest, NamesWhatItSamples) {
  registry.AddTimer("a_seconds", "Of a.", {1}, {{"kind", "b"}});
  registry.AddMeter("b_total", "Of b.");
  std::vector<std::string> names;
  registry.VisitSampled([&names](const MetricsRegistry::Id& id, auto& metric) {
    names.push_back(id.first);
    if constexpr (std::is_same_v<decltype(metric), Timer&>) {
      EXPECT_EQ(id.second.at("kind"), "b");
    }
  });
  EXPECT_EQ(names, (std::vector<std::string>{"a_seconds", "b_total"}));
}

TEST_F(MetricsRegistryTest, TheSameNameAndLabelsAreTheSameMetric) {
  Timer& timer = registry.AddTimer("a_seconds", "Of a.", {1}, {{"kind", "b"}});
  EXPECT_EQ(&registry.AddTimer("a_seconds", "Of a.", {1}, {{"kind", "b"}}), &timer);
  EXPECT_NE(&registry.AddTimer("a_seconds", "Of a.", {1}, {{"kind", "c"}}), &timer);
}

TEST_F(MetricsRegistryTest, RefreshesBeforeAReading) {
  auto& gauge = prometheus::BuildGauge().Name("a").Help("A.").Register(registry).Add({});
  int readings = 0;
  registry.OnCollect([&] { gauge.Set(++readings); });
  EXPECT_EQ(Only("a").gauge.value, 1);
  EXPECT_EQ(Only("a").gauge.value, 2);
}

TEST_F(MetricsRegistryTest, IsARegistryOfPrometheus) {
  prometheus::Registry* plain = &registry;
  prometheus::BuildCounter().Name("b_total").Help("B.").Register(*plain).Add({}).Increment();
  EXPECT_EQ(Only("b_total").counter.value, 1);
}

}  // namespace
}  // namespace tidegate::model
