#include "control/rules/schedule/group_schedule.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace tidegate::control {
namespace {

constexpr absl::Duration kInterval = absl::Seconds(30);

TEST(OffsetInInterval, LiesInItAndSpreads) {
  std::set<absl::Duration> offsets;
  for (int i = 0; i < 100; ++i) {
    const absl::Duration offset = OffsetInInterval("group " + std::to_string(i), kInterval);
    EXPECT_GE(offset, absl::ZeroDuration());
    EXPECT_LT(offset, kInterval);
    offsets.insert(offset);
  }
  EXPECT_GT(offsets.size(), 90u);
  EXPECT_EQ(OffsetInInterval("a", kInterval), OffsetInInterval("a", kInterval));
}

TEST(FirstSlot, IsAtOrBehindATime) {
  const absl::Time zero = absl::FromUnixSeconds(3000);
  EXPECT_EQ(FirstSlot(zero, kInterval, absl::Seconds(0)), zero);
  EXPECT_EQ(FirstSlot(zero, kInterval, absl::Seconds(7)), zero + absl::Seconds(7));
  EXPECT_EQ(FirstSlot(zero + absl::Seconds(8), kInterval, absl::Seconds(7)),
            zero + absl::Seconds(37));
}

TEST(SlotAt, IsTheLastOneThatHasPassed) {
  const absl::Time due = absl::FromUnixSeconds(3000);
  EXPECT_EQ(SlotAt(due, due, kInterval).time, due);
  EXPECT_EQ(SlotAt(due, due + absl::Seconds(29), kInterval).time, due);
  EXPECT_EQ(SlotAt(due, due + absl::Seconds(29), kInterval).missed, 0u);
  EXPECT_EQ(SlotAt(due, due + absl::Seconds(75), kInterval).time, due + 2 * kInterval);
  EXPECT_EQ(SlotAt(due, due + absl::Seconds(75), kInterval).missed, 2u);
}

}  // namespace
}  // namespace tidegate::control
