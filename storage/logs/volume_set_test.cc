#include "storage/logs/volume_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tidegate::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const model::Labels kA({{"app", "a"}, {"env", "x"}});
const model::Labels kB({{"app", "b"}});

TEST(VolumeSetTest, AStreamThatTwoSelectionsFindCountsOnce) {
  VolumeSet set(0);
  for (int selection = 0; selection < 2; ++selection) {
    set.StartSelection();
    set.Add(kA, {{1, "one", {}}}, {0, 10});
    set.Add(kA, {{2, "three", {}}}, {0, 10});
  }
  const auto volumes = set.Take();
  ASSERT_EQ(volumes.size(), 1u);
  EXPECT_EQ(volumes[0].stream, kA);
  EXPECT_EQ(volumes[0].entries, 2u);
  EXPECT_EQ(volumes[0].bytes, 8u);
  EXPECT_EQ(volumes[0].chunks, 2u);
}

TEST(VolumeSetTest, StreamsWithoutEntriesInTheRangeAreNotThere) {
  VolumeSet set(0);
  set.Add(kA, {{10, "late", {}}}, {0, 10});
  EXPECT_THAT(set.Take(), IsEmpty());
}

TEST(VolumeSetTest, TheLimitCountsStreams) {
  VolumeSet set(1);
  set.Add(kA, {{1, "a", {}}}, {0, 10});
  set.Add(kB, {{1, "b", {}}}, {0, 10});
  EXPECT_EQ(set.Take().size(), 1u);
}

TEST(VolumeSetTest, NamesAndValuesAreSortedAndLimited) {
  const std::vector<StreamVolume> streams = {{.stream = kB}, {.stream = kA}};
  EXPECT_THAT(LabelNamesOf(streams, 0), ElementsAre("app", "env"));
  EXPECT_THAT(LabelNamesOf(streams, 1), ElementsAre("app"));
  EXPECT_THAT(LabelValuesOf(streams, "app", 0), ElementsAre("a", "b"));
  EXPECT_THAT(LabelValuesOf(streams, "env", 0), ElementsAre("x"));
  EXPECT_THAT(LabelValuesOf(streams, "none", 0), IsEmpty());
}

}  // namespace
}  // namespace tidegate::storage
