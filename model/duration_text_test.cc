#include "model/duration_text.h"

#include <gtest/gtest.h>

#include <limits>

namespace tidegate::model {
namespace {

TEST(DurationText, LargestUnitFirst) {
  EXPECT_EQ(DurationText(0), "0s");
  EXPECT_EQ(DurationText(5'400'000), "1h30m");
  EXPECT_EQ(DurationText(-300'000), "-5m");
  EXPECT_EQ(DurationText(61'001), "1m1s1ms");
  EXPECT_EQ(DurationText(std::numeric_limits<int64_t>::min()).front(), '-');
}

TEST(DurationText, YearsAndWeeksOnlyWhereNothingIsLeft) {
  constexpr int64_t kDay = 86'400'000;
  EXPECT_EQ(DurationText(14 * kDay), "2w");
  EXPECT_EQ(DurationText(8 * kDay), "8d");
  EXPECT_EQ(DurationText(730 * kDay), "2y");
}

}  // namespace
}  // namespace tidegate::model
