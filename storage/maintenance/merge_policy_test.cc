#include "storage/maintenance/merge_policy.h"

#include <algorithm>

#include "gtest/gtest.h"
#include "storage/partition/partition.h"

namespace tidegate::storage {
namespace {

// 2026-01-01T00:00:00Z: a multiple of a day.
constexpr model::TimestampMs kNow = 1'767'225'600'000;

SegmentEntry Entry(uint64_t rank, PartitionSpan partition, uint64_t samples = 100,
                   const std::string& tenant = "t") {
  SegmentEntry entry;
  entry.id.tenant = tenant;
  entry.id.position = {rank};
  entry.id.span = partition;
  entry.partition = partition;
  entry.rank = rank;
  entry.range = RangeOf(partition);
  entry.samples = samples;
  return entry;
}

std::vector<uint64_t> RanksOf(const MergePlan& plan) {
  std::vector<uint64_t> ranks;
  for (const SegmentId& id : plan.inputs) ranks.push_back(id.position.value);
  return ranks;
}

PartitionSpan Hours(model::TimestampMs at) { return SpanContaining(at, kPartitionWidths[0]); }
PartitionSpan Day(model::TimestampMs at) { return SpanContaining(at, kPartitionWidths[1]); }

TEST(MergePolicyTest, NothingToDoIsNothing) {
  EXPECT_FALSE(PickMerge({}, {}, kNow, {}).has_value());
  EXPECT_FALSE(PickMerge({Entry(1, Hours(kNow)), Entry(2, Hours(kNow))}, {}, kNow, {}).has_value());
}

TEST(MergePolicyTest, ADayMovesWhenAllOfItIsADayOld) {
  const model::TimestampMs day = kNow - 2 * kDayMs;
  const std::vector<SegmentEntry> segments = {
      Entry(1, Hours(day)), Entry(2, Hours(day + 5 * kHourMs)), Entry(3, Hours(day + 23 * kHourMs)),
      Entry(4, Hours(kNow)), Entry(5, Hours(day), 100, "other")};
  EXPECT_FALSE(PickMerge(segments, {}, kNow - 1, {}).has_value());
  const auto plan = PickMerge(segments, {}, kNow, {});
  ASSERT_TRUE(plan.has_value());
  EXPECT_EQ(plan->target, Day(day));
  EXPECT_EQ(RanksOf(*plan), (std::vector<uint64_t>{1, 2, 3}));
  EXPECT_EQ(plan->inputs[0].tenant, "t");
}

TEST(MergePolicyTest, WhatLiesInTheTargetStaysUnlessItsRankIsBetween) {
  const model::TimestampMs day = kNow - 2 * kDayMs;
  const auto plan = PickMerge({Entry(1, Day(day)), Entry(2, Hours(day)), Entry(3, Day(day)),
                               Entry(4, Hours(day + 3 * kHourMs)), Entry(5, Day(day))},
                              {}, kNow, {});
  ASSERT_TRUE(plan.has_value());
  EXPECT_EQ(RanksOf(*plan), (std::vector<uint64_t>{2, 3, 4}));
}

// B comes along because it overlaps an input; it reaches C's time, so C has to come along as well:
// otherwise the merge, which has A's rank, would put B's values before C's.
TEST(MergePolicyTest, WhatComesAlongBringsItsOwnCompany) {
  const model::TimestampMs day = kNow - 2 * kDayMs;
  SegmentEntry a = Entry(1, Hours(day));
  SegmentEntry b = Entry(5, Day(day));
  SegmentEntry c = Entry(3, Day(day));
  SegmentEntry d = Entry(10, Hours(day));
  a.range = d.range = {day, day + kHourMs};
  b.range = {day + kHourMs / 2, day + 20 * kHourMs};
  c.range = {day + 10 * kHourMs, day + 20 * kHourMs};
  const auto plan = PickMerge({a, b, c, d}, {}, kNow, {});
  ASSERT_TRUE(plan.has_value());
  EXPECT_EQ(RanksOf(*plan), (std::vector<uint64_t>{1, 3, 5, 10}));
}

TEST(MergePolicyTest, TooManyPartitionsMoveTheOldestBeforeTheirTime) {
  std::vector<SegmentEntry> segments;
  for (int i = 0; i < 10; ++i) {
    segments.push_back(Entry(static_cast<uint64_t>(i), Hours(kNow - i * 2 * kHourMs)));
  }
  EXPECT_FALSE(PickMerge(segments, {}, kNow, {.max_partitions = 10}).has_value());
  const auto plan = PickMerge(segments, {}, kNow, {.max_partitions = 9});
  ASSERT_TRUE(plan.has_value());
  EXPECT_EQ(plan->target, Day(kNow - kDayMs));
  EXPECT_EQ(plan->inputs.size(), 9u);
}

TEST(MergePolicyTest, EightNeighboursOfOneSizeBecomeOne) {
  std::vector<SegmentEntry> segments;
  for (uint64_t i = 0; i < 7; ++i) segments.push_back(Entry(i, Hours(kNow)));
  segments.push_back(Entry(7, Hours(kNow), 100'000'000));
  EXPECT_FALSE(PickMerge(segments, {}, kNow, {}).has_value());
  for (uint64_t i = 8; i < 16; ++i) segments.push_back(Entry(i, Hours(kNow)));
  const auto plan = PickMerge(segments, {}, kNow, {});
  ASSERT_TRUE(plan.has_value());
  EXPECT_EQ(plan->target, Hours(kNow));
  EXPECT_EQ(RanksOf(*plan), (std::vector<uint64_t>{8, 9, 10, 11, 12, 13, 14, 15}));
}

// The healthy pages of a damaged segment are still answered, in their rank.
TEST(MergePolicyTest, NoPlanReachesOverDamage) {
  const model::TimestampMs day = kNow - 2 * kDayMs;
  std::vector<SegmentEntry> segments;
  for (uint64_t i = 1; i <= 5; ++i) segments.push_back(Entry(i, Hours(day)));
  std::set<SegmentId> damaged = {segments[2].id};
  auto plan = PickMerge(segments, damaged, kNow, {});
  ASSERT_TRUE(plan.has_value());
  EXPECT_EQ(RanksOf(*plan), (std::vector<uint64_t>{1, 2}));
  // The rest follows.
  segments[0].partition = Day(day);
  segments.erase(segments.begin() + 1);
  plan = PickMerge(segments, damaged, kNow, {});
  ASSERT_TRUE(plan.has_value());
  EXPECT_EQ(RanksOf(*plan), (std::vector<uint64_t>{4, 5}));
  // Damage alone moves nothing.
  segments.resize(2);
  EXPECT_FALSE(PickMerge(segments, damaged, kNow, {}).has_value());
}

TEST(MergePolicyTest, DamageElsewhereInTimeIsNoBarrier) {
  const model::TimestampMs day = kNow - 2 * kDayMs;
  const std::vector<SegmentEntry> segments = {
      Entry(1, Hours(day)), Entry(2, Hours(day + 5 * kHourMs)), Entry(3, Hours(day))};
  const auto plan = PickMerge(segments, {segments[1].id}, kNow, {});
  ASSERT_TRUE(plan.has_value());
  EXPECT_EQ(RanksOf(*plan), (std::vector<uint64_t>{1, 3}));
}

TEST(MergePolicyTest, ADamagedNeighbourEndsARun) {
  std::vector<SegmentEntry> segments;
  for (uint64_t i = 0; i < 15; ++i) segments.push_back(Entry(i, Hours(kNow)));
  EXPECT_FALSE(PickMerge(segments, {segments[7].id}, kNow, {}).has_value());
  const auto plan = PickMerge(segments, {segments[6].id}, kNow, {});
  ASSERT_TRUE(plan.has_value());
  EXPECT_EQ(plan->inputs.front().position.value, 7u);
}

// Plays years of cuts through the policy: it always comes to rest, and partitions stay bounded.
TEST(MergePolicyTest, YearsOfCutsStayBounded) {
  std::vector<SegmentEntry> segments;
  uint64_t rank = 0;
  size_t merged = 0;
  for (model::TimestampMs now = kNow; now < kNow + 700 * kDayMs; now += 6 * kHourMs) {
    segments.push_back(Entry(++rank, Hours(now), 50'000));
    for (int rounds = 0;; ++rounds) {
      ASSERT_LT(rounds, 50);
      const auto plan = PickMerge(segments, {}, now, {});
      if (!plan.has_value()) break;
      SegmentEntry output = Entry(++rank, plan->target, 0);
      std::erase_if(segments, [&](const SegmentEntry& e) {
        const bool input =
            std::find(plan->inputs.begin(), plan->inputs.end(), e.id) != plan->inputs.end();
        if (input) output.samples += e.samples;
        if (input) output.rank = std::min(output.rank, e.rank);
        return input;
      });
      output.id.origin = SegmentOrigin::kMerge;
      segments.push_back(output);
      ++merged;
    }
    std::vector<PartitionSpan> spans;
    for (const SegmentEntry& entry : segments) spans.push_back(entry.partition);
    std::sort(spans.begin(), spans.end());
    spans.erase(std::unique(spans.begin(), spans.end()), spans.end());
    ASSERT_LE(spans.size(), 64u);
    ASSERT_LE(segments.size(), 200u);
  }
  EXPECT_GT(merged, 700u);
}

}  // namespace
}  // namespace tidegate::storage
