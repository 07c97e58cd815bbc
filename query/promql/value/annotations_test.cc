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

TEST(Annotations, ATextStandsWhereItWasEvaluatedLast) {
  Annotations annotations;
  annotations.Warn("x", At(4));
  annotations.Warn("x", At(2));
  annotations.Inform("x", At(0));
  Annotations later;
  later.Inform("x", At(3));
  annotations.Merge(later);
  EXPECT_EQ(annotations.Warnings("012345"), (std::vector<std::string>{"PromQL warning: x (1:3)"}));
  EXPECT_EQ(annotations.Infos("012345"), (std::vector<std::string>{"PromQL info: x (1:4)"}));
}

TEST(Annotations, RepairsAddUpAtOnePlace) {
  Annotations annotations;
  annotations.InformRepair("m", At(7), {.time = 5000, .max_bound = 9, .max_difference = 9});
  annotations.InformRepair("m", At(0), {.time = 1000, .min_bound = 1, .max_bound = 2});
  annotations.InformRepair("m", At(0), {.time = 2000, .min_bound = 0, .max_bound = 1});
  const std::vector<std::string> infos = annotations.Infos("01234567");
  ASSERT_EQ(infos.size(), 1u);
  EXPECT_NE(infos[0].find("from buckets 0 to 2"), std::string::npos) << infos[0];
  EXPECT_NE(infos[0].find("over 2 samples from 1970-01-01T00:00:01Z to 1970-01-01T00:00:02Z"),
            std::string::npos)
      << infos[0];
  EXPECT_NE(infos[0].find("(1:1)"), std::string::npos) << infos[0];
}

TEST(Annotations, PositionsCountLines) {
  EXPECT_EQ(LineAndColumn("sum(\n  x)", 7), "2:3");
  EXPECT_EQ(LineAndColumn("x", 0), "1:1");
}

}  // namespace
}  // namespace tidegate::promql
