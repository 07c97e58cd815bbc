#include "query/promql/value/annotations.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace tidegate::promql {
namespace {

PositionRange At(int32_t start) { return {.start = start, .end = start + 1}; }

TEST(Annotations, CompleteTextsSortedOnce) {
  Annotations annotations;
  annotations.Warn("b", At(5));
  annotations.Warn("a", At(0));
  annotations.Warn("b", At(5));
  EXPECT_EQ(annotations.Warnings("0123456"),
            (std::vector<std::string>{"PromQL warning: a (1:1)", "PromQL warning: b (1:6)"}));
  EXPECT_TRUE(annotations.Infos("0123456").empty());
}

TEST(Annotations, TenOfAKind) {
  Annotations annotations;
  for (int i = 0; i < 13; ++i)
    annotations.Inform(std::string(1, static_cast<char>('a' + i)), At(0));
  const std::vector<std::string> infos = annotations.Infos("x");
  ASSERT_EQ(infos.size(), 11u);
  EXPECT_EQ(infos.back(), "3 more info annotations omitted");
}

TEST(Annotations, Merge) {
  Annotations a;
  Annotations b;
  a.Warn("x", At(0));
  b.Warn("x", At(0));
  b.Inform("y", At(0));
  a.Merge(b);
  EXPECT_EQ(a.Warnings("q").size(), 1u);
  EXPECT_EQ(a.Infos("q").size(), 1u);
}

TEST(Annotations, PositionsCountLines) {
  EXPECT_EQ(LineAndColumn("sum(\n  x)", 7), "2:3");
  EXPECT_EQ(LineAndColumn("x", 0), "1:1");
}

}  // namespace
}  // namespace tidegate::promql
