#include "query/logql/engine/time_slices.h"

#include <gtest/gtest.h>

#include <limits>

namespace tidegate::logql {
namespace {

constexpr int64_t kMinute = 60'000'000'000;

TEST(TimeSlices, GrowFromWhereReadingBegins) {
  using Slices = std::vector<storage::LogRange>;
  EXPECT_EQ(TimeSlices({0, 64 * kMinute}, storage::LogOrder::kForward),
            (Slices{{0, kMinute}, {kMinute, 5 * kMinute}, {5 * kMinute, 64 * kMinute}}));
  EXPECT_EQ(
      TimeSlices({0, 64 * kMinute}, storage::LogOrder::kBackward),
      (Slices{{63 * kMinute, 64 * kMinute}, {59 * kMinute, 63 * kMinute}, {0, 59 * kMinute}}));
  EXPECT_EQ(TimeSlices({5, 6}, storage::LogOrder::kForward), (Slices{{5, 6}}));
  EXPECT_EQ(TimeSlices({5, 5}, storage::LogOrder::kForward), (Slices{{5, 5}}));
}

TEST(TimeSlices, CoverTheLongestRange) {
  const storage::LogRange all{std::numeric_limits<int64_t>::min(),
                              std::numeric_limits<int64_t>::max()};
  for (const auto order : {storage::LogOrder::kForward, storage::LogOrder::kBackward}) {
    auto slices = TimeSlices(all, order);
    ASSERT_LE(slices.size(), 5U);
    if (order == storage::LogOrder::kBackward) std::reverse(slices.begin(), slices.end());
    EXPECT_EQ(slices.front().begin, all.begin);
    EXPECT_EQ(slices.back().end, all.end);
    for (size_t i = 1; i < slices.size(); ++i) EXPECT_EQ(slices[i - 1].end, slices[i].begin);
  }
}

}  // namespace
}  // namespace tidegate::logql
