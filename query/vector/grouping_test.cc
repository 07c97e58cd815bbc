#include "query/vector/grouping.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace tidegate::query {
namespace {

using model::Labels;

TEST(LabelSelection, OnlyTheNamedOnes) {
  const LabelSelection by = LabelSelection::Only({"b", "a", "b"});
  EXPECT_EQ(by.Chosen(Labels{{"a", "1"}, {"b", "2"}, {"c", "3"}}),
            (Labels{{"a", "1"}, {"b", "2"}}));
  EXPECT_EQ(by.Chosen(Labels{{"c", "3"}}), Labels());
}

TEST(LabelSelection, AllButTheNamedOnesAndTheMetricName) {
  const LabelSelection without = LabelSelection::AllBut({"b"});
  EXPECT_EQ(without.Chosen(Labels{{"__name__", "m"}, {"a", "1"}, {"b", "2"}, {"c", "3"}}),
            (Labels{{"a", "1"}, {"c", "3"}}));
}

TEST(LabelSelection, TheMetricNameCanBeAskedFor) {
  const LabelSelection by = LabelSelection::Only({"__name__"});
  EXPECT_EQ(by.Chosen(Labels{{"__name__", "m"}, {"a", "1"}}), (Labels{{"__name__", "m"}}));
}

TEST(GroupNumbers, InOrderOfAppearance) {
  GroupNumbers groups(LabelSelection::Only({"a"}));
  EXPECT_EQ(groups.NumberOf(Labels{{"a", "2"}, {"b", "1"}}), 0u);
  EXPECT_EQ(groups.NumberOf(Labels{{"a", "1"}}), 1u);
  EXPECT_EQ(groups.NumberOf(Labels{{"a", "2"}, {"b", "2"}}), 0u);
  EXPECT_EQ(groups.NumberOf(Labels{{"b", "2"}}), 2u);
  EXPECT_EQ(groups.size(), 3u);
}

TEST(GroupSeries, NumbersAndLabelsAgree) {
  StepVector vector;
  vector.emplace_back(Labels{{"a", "x"}, {"b", "1"}}, 1);
  vector.emplace_back(Labels{{"a", "y"}, {"b", "1"}}, 1);
  vector.emplace_back(Labels{{"a", "x"}, {"b", "2"}}, 1);
  const Groups groups = GroupSeries(vector, LabelSelection::Only({"a"}));
  EXPECT_EQ(groups.of_series, (std::vector<uint32_t>{0, 1, 0}));
  EXPECT_EQ(groups.labels, (std::vector<Labels>{Labels{{"a", "x"}}, Labels{{"a", "y"}}}));
}

}  // namespace
}  // namespace tidegate::query
