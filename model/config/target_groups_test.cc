#include "model/config/target_groups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tidegate::model {
namespace {

using ::testing::ElementsAre;

TEST(TargetGroupsTest, YamlAndJson) {
  for (const char* text : {"- targets: ['a:1']\n  labels: {x: y}",
                           R"([{"targets": ["a:1"], "labels": {"x": "y"}}])"}) {
    const auto groups = ParseTargetGroups(text, "f.json");
    ASSERT_TRUE(groups.ok()) << groups.status();
    ASSERT_EQ(groups->size(), 1u);
    EXPECT_THAT((*groups)[0].targets, ElementsAre("a:1"));
    EXPECT_EQ((*groups)[0].labels[0].second, "y");
    EXPECT_EQ((*groups)[0].source, "f.json");
  }
}

TEST(TargetGroupsTest, MistakesAreErrors) {
  for (const char* text : {"{", "targets: []", "- {target: []}", "- {targets: a}"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(ParseTargetGroups(text, "f").status())) << text;
  }
}

}  // namespace
}  // namespace tidegate::model
