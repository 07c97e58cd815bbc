#include "control/monitors/expression/query_text.h"

#include <gtest/gtest.h>

namespace tidegate::control {
namespace {

TEST(QuoteDottedNamesTest, NamesOfMetricsAndLabels) {
  EXPECT_EQ(QuoteDottedNames(R"(container.cpu.utilization{k8s.deployment.name="httpbin"})"),
            R"({"container.cpu.utilization","k8s.deployment.name"="httpbin"})");
  EXPECT_EQ(QuoteDottedNames("a.b"), R"({"a.b"})");
  EXPECT_EQ(QuoteDottedNames("a.b{}"), R"({"a.b"})");
  EXPECT_EQ(QuoteDottedNames("a.b[5m]"), R"({"a.b"}[5m])");
  EXPECT_EQ(QuoteDottedNames("sum by (k8s.node.name, x) (rate(a.b { c=~'d.e' }[5m]))"),
            R"(sum by ("k8s.node.name", x) (rate({"a.b",c=~'d.e' }[5m])))");
  EXPECT_EQ(QuoteDottedNames("a.b / on(c.d) group_left(e.f) g.h > 1.5"),
            R"({"a.b"} / on("c.d") group_left("e.f") {"g.h"} > 1.5)");
}

TEST(QuoteDottedNamesTest, EverythingElseStays) {
  for (const char* query : {"up", "sum(rate(http_requests_total{job=\"a.b\"}[5m])) by (job)",
                            "1.5e3 + .5 + 1.", "up # a.b\n", "up{x=`a.b\\`}", "up{x='it\\'s a.b'}",
                            "up @ 1.5 offset 1h30m", "", "\"a.b", "a:b:c"}) {
    EXPECT_EQ(QuoteDottedNames(query), query);
  }
}

TEST(MonitorQueryTest, MustParse) {
  EXPECT_TRUE(MonitorQuery(R"(container.cpu.utilization{k8s.deployment.name="httpbin"})").ok());
  EXPECT_TRUE(MonitorQuery("avg by (k8s.node.name) (avg_over_time(a.b[10m])) > 3").ok());
  for (const char* query : {"", "sum(", "a.b{", "up{a.b}", "\xff"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(MonitorQuery(query).status())) << query;
  }
  EXPECT_FALSE(MonitorQuery(std::string(kMaxMonitorQueryBytes, ' ') + "up").ok());
}

}  // namespace
}  // namespace tidegate::control
