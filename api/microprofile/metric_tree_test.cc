#include "api/microprofile/metric_tree.h"

#include <gtest/gtest.h>

namespace tidegate::api {
namespace {

TEST(PlaceOf, NamesComeFromFamilies) {
  const FamilyPlace head = PlaceOf("tidegate_ingest_head_chunk_bytes", false);
  EXPECT_EQ(head.name, "ingest.headChunk");
  EXPECT_EQ(head.unit, "bytes");
  EXPECT_EQ(head.scope, Scope::kApplication);
  EXPECT_EQ(PlaceOf("tidegate_ingest_samples_total", true).name, "ingest.samples");
  EXPECT_EQ(PlaceOf("tidegate_query_duration_seconds", false).unit, "seconds");
  EXPECT_EQ(PlaceOf("tidegate_rules", false).name, "rules");
  EXPECT_EQ(PlaceOf("process_cpu_seconds_total", true).name, "process.cpuSeconds");
}

TEST(PlaceOf, TheMachineryIsTheVendors) {
  EXPECT_EQ(PlaceOf("tidegate_http_connections", false).scope, Scope::kVendor);
  EXPECT_EQ(PlaceOf("process_open_fds", false).scope, Scope::kVendor);
  EXPECT_EQ(PlaceOf("tidegate_store_segments", false).scope, Scope::kApplication);
}

class AddRegistryTest : public testing::Test {
 protected:
  const ScopeMetrics& Application() {
    tree_ = MetricTree();
    AddRegistry(&registry_, &tree_);
    return tree_.Of(Scope::kApplication);
  }

  absl::Duration now_ = absl::Seconds(100);
  model::MetricsRegistry registry_{[this] { return now_; }};
  MetricTree tree_;
};

TEST_F(AddRegistryTest, EveryTypeIsThere) {
  prometheus::BuildCounter()
      .Name("tidegate_a_one_total")
      .Help("1")
      .Register(registry_)
      .Add({})
      .Increment(3);
  prometheus::BuildGauge()
      .Name("tidegate_a_two_bytes")
      .Help("2")
      .Register(registry_)
      .Add({})
      .Set(4);
  registry_.AddMeter("tidegate_a_three_total", "3").Mark(5);
  registry_.AddHistogram("tidegate_a_four_bytes", "4", {1}).Observe(6);
  registry_.AddTimer("tidegate_a_five_seconds", "5", {1}).Observe(0.5);
  const ScopeMetrics& metrics = Application();
  ASSERT_EQ(metrics.size(), 5u);
  EXPECT_EQ(std::get<Counter>(metrics.at("a.one").value).value, 3);
  EXPECT_EQ(std::get<Gauge>(metrics.at("a.two").value).value, 4);
  EXPECT_EQ(metrics.at("a.two").unit, "bytes");
  EXPECT_EQ(std::get<MeterFigures>(metrics.at("a.three").value).rates.count, 5u);
  EXPECT_EQ(std::get<HistogramFigures>(metrics.at("a.four").value).values.max, 6);
  EXPECT_EQ(std::get<TimerFigures>(metrics.at("a.five").value).seconds.max, 0.5);
  EXPECT_EQ(metrics.at("a.five").unit, "nanoseconds");
  EXPECT_EQ(metrics.at("a.five").description, "5");
}

TEST_F(AddRegistryTest, LabelsAreInTheNameAndTags) {
  auto& family = prometheus::BuildCounter().Name("tidegate_a_total").Help("").Register(registry_);
  family.Add({{"route", "/x/y"}, {"code", "200"}}).Increment();
  const ScopeMetrics& metrics = Application();
  ASSERT_EQ(metrics.size(), 1u);
  EXPECT_EQ(metrics.begin()->first, "a.200.x.y");
  EXPECT_EQ(metrics.begin()->second.tags, (Tags{{"code", "200"}, {"route", "/x/y"}}));
}

TEST_F(AddRegistryTest, NamesThatWouldMeetStayApart) {
  auto& family = prometheus::BuildCounter().Name("tidegate_a_total").Help("").Register(registry_);
  family.Add({{"b", "x/y"}});
  family.Add({{"b", "x.y"}});
  EXPECT_EQ(Application().size(), 2u);
}

TEST_F(AddRegistryTest, ALabelledTimerAppearsWithItsFirstValue) {
  model::Timer& timer = registry_.AddTimer("tidegate_a_seconds", "", {1}, {{"route", "/b"}});
  EXPECT_TRUE(Application().empty());
  timer.Observe(1);
  EXPECT_TRUE(Application().contains("a.b"));
}

TEST_F(AddRegistryTest, PlainBucketsAreCountAndSum) {
  prometheus::BuildHistogram()
      .Name("tidegate_a_seconds")
      .Help("")
      .Register(registry_)
      .Add({}, prometheus::Histogram::BucketBoundaries{1})
      .Observe(2.5);
  const ScopeMetrics& metrics = Application();
  EXPECT_EQ(std::get<Counter>(metrics.at("a.count").value).value, 1);
  EXPECT_EQ(std::get<Gauge>(metrics.at("a.sum").value).value, 2.5);
}

}  // namespace
}  // namespace tidegate::api
