#include "storage/store/deletions.h"

#include <gtest/gtest.h>

#include <string>

namespace tidegate::storage {
namespace {

StoredDeletion Sample() {
  return {.number = 7,
          .tenant = "team-a",
          .range = {-5, 1'790'000'000'000},
          .matchers = {{model::MatchType::kEqual, "__name__", "up"},
                       {model::MatchType::kNotRegex, "job", "a|b"}}};
}

TEST(DeletionFormatTest, IsReadBack) {
  const auto decoded = DecodeDeletion(EncodeDeletion(Sample()));
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(*decoded, Sample());
}

TEST(DeletionFormatTest, HasGoldenBytes) {
  StoredDeletion deletion;
  deletion.number = 1;
  deletion.tenant = "t";
  deletion.range = {0, 1};
  deletion.matchers = {{model::MatchType::kRegex, "a", "b"}};
  const std::string bytes = EncodeDeletion(deletion);
  EXPECT_EQ(bytes.substr(0, bytes.size() - 8), std::string("\x01\x01\x01t\x00\x02\x01\x02\x01"
                                                           "a\x01"
                                                           "b",
                                                           12));
}

TEST(DeletionFormatTest, EveryFlippedBitAndEveryCutIsDamage) {
  const std::string bytes = EncodeDeletion(Sample());
  for (size_t i = 0; i < bytes.size(); ++i) {
    EXPECT_FALSE(DecodeDeletion(bytes.substr(0, i)).ok());
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = bytes;
      damaged[i] = static_cast<char>(damaged[i] ^ (1 << bit));
      EXPECT_FALSE(DecodeDeletion(damaged).ok());
    }
  }
}

TEST(ConcernsTest, OnlyOlderSegmentsOfTheTenantInTheRange) {
  SegmentEntry entry;
  entry.id.tenant = "team-a";
  entry.range = {0, 100};
  const StoredDeletion deletion = Sample();
  EXPECT_TRUE(Concerns(deletion, entry));
  entry.deletions_applied = 7;
  EXPECT_FALSE(Concerns(deletion, entry));
  entry.deletions_applied = 6;
  entry.id.tenant = "team-b";
  EXPECT_FALSE(Concerns(deletion, entry));
  entry.id.tenant = "team-a";
  entry.range = {-100, -6};
  EXPECT_FALSE(Concerns(deletion, entry));
}

}  // namespace
}  // namespace tidegate::storage
