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
    set.Add(kA, {.stream = {}, .entries = 1, .bytes = 3, .chunks = 1});
    set.Add(kA, {.stream = {}, .entries = 1, .bytes = 5, .chunks = 1});
  }
  const auto volumes = set.Take();
  ASSERT_EQ(volumes.size(), 1u);
  EXPECT_EQ(volumes[0].stream, kA);
  EXPECT_EQ(volumes[0].entries, 2u);
  EXPECT_EQ(volumes[0].bytes, 8u);
  EXPECT_EQ(volumes[0].chunks, 2u);
}

TEST(VolumeSetTest, StreamsWithoutEntriesAreNotThere) {
  VolumeSet set(0);
  set.Add(kA, StreamVolume());
  EXPECT_THAT(set.Take(), IsEmpty());
}

TEST(VolumeSetTest, TheLimitCountsStreams) {
  VolumeSet set(1);
  set.Add(kA, {.stream = {}, .entries = 1, .bytes = 1, .chunks = 1});
  set.Add(kB, {.stream = {}, .entries = 1, .bytes = 1, .chunks = 1});
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
