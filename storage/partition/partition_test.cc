#include "storage/partition/partition.h"

#include <random>

#include "gtest/gtest.h"

namespace tidegate::storage {
namespace {

// 2026-01-01T00:00:00Z.
constexpr model::TimestampMs kNow = 1'767'225'600'000;

TEST(SpanContainingTest, AlignsToTheEpoch) {
  EXPECT_EQ(SpanContaining(0, kPartitionWidths[0]), (PartitionSpan{0, 2 * kHourMs}));
  EXPECT_EQ(SpanContaining(2 * kHourMs - 1, kPartitionWidths[0]), (PartitionSpan{0, 2 * kHourMs}));
  EXPECT_EQ(SpanContaining(2 * kHourMs, kPartitionWidths[0]),
            (PartitionSpan{2 * kHourMs, 2 * kHourMs}));
}

TEST(SpanContainingTest, RoundsDownBeforeTheEpoch) {
  EXPECT_EQ(SpanContaining(-1, kPartitionWidths[0]), (PartitionSpan{-2 * kHourMs, 2 * kHourMs}));
  EXPECT_EQ(SpanContaining(-2 * kHourMs, kPartitionWidths[0]),
            (PartitionSpan{-2 * kHourMs, 2 * kHourMs}));
  EXPECT_EQ(SpanContaining(-2 * kHourMs - 1, kPartitionWidths[0]),
            (PartitionSpan{-4 * kHourMs, 2 * kHourMs}));
}

TEST(PartitionForTest, YoungDataLiesInTwoHours) {
  EXPECT_EQ(PartitionFor(kNow, kNow).duration, 2 * kHourMs);
  EXPECT_EQ(PartitionFor(kNow - kDayMs + 1, kNow).duration, 2 * kHourMs);
}

TEST(PartitionForTest, WidthGrowsWithAge) {
  EXPECT_EQ(PartitionFor(kNow - kDayMs - 1, kNow).duration, kDayMs);
  EXPECT_EQ(PartitionFor(kNow - 13 * kDayMs, kNow).duration, kDayMs);
  EXPECT_EQ(PartitionFor(kNow - 16 * kDayMs, kNow).duration, 16 * kDayMs);
  EXPECT_EQ(PartitionFor(kNow - 250 * kDayMs, kNow).duration, 16 * kDayMs);
  EXPECT_EQ(PartitionFor(kNow - 300 * kDayMs, kNow).duration, 1024 * kDayMs);
}

TEST(PartitionForTest, TheFutureLiesInTwoHours) {
  EXPECT_EQ(PartitionFor(kNow + 5 * kHourMs, kNow).duration, 2 * kHourMs);
  EXPECT_EQ(PartitionFor(model::kMaxTimestamp, kNow).duration, 2 * kHourMs);
}

TEST(PartitionForTest, TheFarPastLiesInYears) {
  const PartitionSpan span = PartitionFor(model::kMinTimestamp, kNow);
  EXPECT_EQ(span.duration, 1024 * kDayMs);
  EXPECT_TRUE(RangeOf(span).Contains(model::kMinTimestamp));
}

TEST(PartitionForTest, ContainsTheTimestampAndNestsForAnyTime) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 20'000; ++i) {
    const int64_t age = static_cast<int64_t>(random() % (2000 * kDayMs)) - 10 * kDayMs;
    const PartitionSpan span = PartitionFor(kNow - age, kNow);
    ASSERT_TRUE(IsValidSpan(span));
    ASSERT_TRUE(RangeOf(span).Contains(kNow - age));
    for (const int64_t width : kPartitionWidths) {
      const PartitionSpan other = SpanContaining(kNow - age, width);
      ASSERT_TRUE(Covers(other, span) || Covers(span, other));
    }
  }
}

TEST(PartitionForTest, NeverNarrowsWhenTimePasses) {
  int64_t width = 0;
  for (model::TimestampMs now = kNow; now < kNow + 400 * kDayMs; now += 5 * kHourMs) {
    const int64_t next = PartitionFor(kNow, now).duration;
    ASSERT_GE(next, width);
    width = next;
  }
  EXPECT_EQ(width, 1024 * kDayMs);
}

TEST(IsValidSpanTest, RefusesUnknownWidthsAndCrookedBegins) {
  EXPECT_TRUE(IsValidSpan({-kDayMs, kDayMs}));
  EXPECT_FALSE(IsValidSpan({0, kHourMs}));
  EXPECT_FALSE(IsValidSpan({1, kDayMs}));
  EXPECT_FALSE(IsValidSpan({0, 0}));
}

}  // namespace
}  // namespace tidegate::storage
