#include "storage/store/deletions.h"

#include <gtest/gtest.h>
#include <xxhash.h>

#include <string>

namespace tidegate::storage {
namespace {

StoredDeletion Sample() {
  StoredDeletion deletion;
  deletion.number = 7;
  deletion.tenant = "team-a";
  deletion.range = {-5, 1'790'000'000'000};
  deletion.matchers = {{model::MatchType::kEqual, "__name__", "up"},
                       {model::MatchType::kNotRegex, "job", "a|b"}};
  return deletion;
}

StoredDeletion OfLogs() {
  StoredDeletion deletion = Sample();
  deletion.logs = true;
  deletion.tests = {
      {.kind = LineTest::Kind::kContains, .alternatives = {"a", ""}, .negated = false},
      {.kind = LineTest::Kind::kMatches, .alternatives = {"b+"}, .negated = true}};
  deletion.query = "{job!~\"a|b\"} |= \"a\"";
  deletion.created_at = 5;
  deletion.final_at = 1'790'000'000'000;
  return deletion;
}

TEST(DeletionFormatTest, IsReadBack) {
  for (const StoredDeletion& deletion : {Sample(), OfLogs()}) {
    const auto decoded = DecodeDeletion(EncodeDeletion(deletion));
    ASSERT_TRUE(decoded.ok()) << decoded.status();
    EXPECT_EQ(*decoded, deletion);
  }
}

// Version 1, as it was written: before there were deletions of log entries.
TEST(DeletionFormatTest, TheFirstVersionIsRead) {
  std::string bytes(
      "\x01\x01\x01t\x00\x02\x01\x02\x01"
      "a\x01"
      "b",
      12);
  const uint64_t checksum = XXH3_64bits(bytes.data(), bytes.size());
  bytes.append(reinterpret_cast<const char*>(&checksum), sizeof(checksum));
  const auto decoded = DecodeDeletion(bytes);
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_FALSE(decoded->logs);
  EXPECT_EQ(decoded->matchers.size(), 1u);
}

TEST(DeletionFormatTest, HasGoldenBytes) {
  StoredDeletion deletion;
  deletion.number = 1;
  deletion.tenant = "t";
  deletion.range = {0, 1};
  deletion.matchers = {{model::MatchType::kRegex, "a", "b"}};
  const std::string bytes = EncodeDeletion(deletion);
  EXPECT_EQ(bytes.substr(0, bytes.size() - 8), std::string("\x02\x01\x01t\x00\x02\x01\x02\x01"
                                                           "a\x01"
                                                           "b\x00",
                                                           13));
  deletion.logs = true;
  deletion.tests = {{.kind = LineTest::Kind::kMatches, .alternatives = {"c"}, .negated = true}};
  deletion.query = "q";
  deletion.created_at = 1;
  deletion.final_at = -1;
  const std::string of_logs = EncodeDeletion(deletion);
  EXPECT_EQ(of_logs.substr(12, of_logs.size() - 12 - 8), std::string("\x01\x01\x01\x01\x01\x01"
                                                                     "c\x01q\x02\x01",
                                                                     11));
}

TEST(DeletionFormatTest, EveryFlippedBitAndEveryCutIsDamage) {
  const std::string bytes = EncodeDeletion(OfLogs());
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
