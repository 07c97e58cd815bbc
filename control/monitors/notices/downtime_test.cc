#include "control/monitors/notices/downtime.h"

#include <gtest/gtest.h>

#include "control/monitors/json/fields.h"

namespace tidegate::control {
namespace {

absl::Time At(int year, int month, int day, int hour, int minute = 0) {
  return absl::FromCivil(absl::CivilSecond(year, month, day, hour, minute, 0), absl::UTCTimeZone());
}

Downtime From(absl::Time start, int64_t minutes, const std::string& more = "") {
  return DecodeDowntime(
      *ParseJsonObject("{\"start\":" + std::to_string(absl::ToUnixSeconds(start)) +
                       ",\"duration\":" + std::to_string(minutes) + more + "}"));
}

TEST(DowntimeTest, OnceFromItsStartToBeforeItsEnd) {
  const Downtime once = From(At(2026, 3, 1, 10), 60);
  EXPECT_FALSE(IsActive(once, At(2026, 3, 1, 9, 59)));
  EXPECT_TRUE(IsActive(once, At(2026, 3, 1, 10)));
  EXPECT_TRUE(IsActive(once, At(2026, 3, 1, 10, 59)));
  EXPECT_FALSE(IsActive(once, At(2026, 3, 1, 11)));
}

TEST(DowntimeTest, HoursAndDaysApart) {
  const Downtime hourly =
      From(At(2026, 3, 1, 10), 10, R"(,"recurrence":{"type":"hourly","interval":2})");
  EXPECT_TRUE(IsActive(hourly, At(2026, 3, 1, 12, 5)));
  EXPECT_FALSE(IsActive(hourly, At(2026, 3, 1, 11, 5)));
  const Downtime daily =
      From(At(2026, 3, 1, 10), 60, R"(,"recurrence":{"type":"daily","interval":3})");
  EXPECT_TRUE(IsActive(daily, At(2026, 3, 4, 10, 30)));
  EXPECT_FALSE(IsActive(daily, At(2026, 3, 3, 10, 30)));
  EXPECT_FALSE(IsActive(daily, At(2026, 2, 26, 10, 30))) << "before its start";
}

TEST(DowntimeTest, WeekdaysOfEverySecondWeek) {
  // The 2nd of March 2026 is a Monday.
  const Downtime weekly =
      From(At(2026, 3, 2, 23), 120,
           R"(,"recurrence":{"type":"weekly","interval":2,"weekdays":["Monday","Friday"]})");
  EXPECT_TRUE(IsActive(weekly, At(2026, 3, 3, 0, 30))) << "over midnight";
  EXPECT_TRUE(IsActive(weekly, At(2026, 3, 6, 23)));
  EXPECT_FALSE(IsActive(weekly, At(2026, 3, 9, 23))) << "the week between";
  EXPECT_TRUE(IsActive(weekly, At(2026, 3, 16, 23)));
  EXPECT_FALSE(IsActive(weekly, At(2026, 3, 17, 23)));
  const Downtime plain =
      From(At(2026, 3, 2, 23), 120, R"(,"recurrence":{"type":"weekly","interval":1})");
  EXPECT_TRUE(IsActive(plain, At(2026, 3, 9, 23, 59)));
  EXPECT_FALSE(IsActive(plain, At(2026, 3, 10, 23)));
}

TEST(DowntimeTest, TheLastDayOfShortMonths) {
  const Downtime monthly =
      From(At(2026, 1, 31, 5), 60, R"(,"recurrence":{"type":"monthly","interval":1})");
  EXPECT_TRUE(IsActive(monthly, At(2026, 2, 28, 5, 30)));
  EXPECT_TRUE(IsActive(monthly, At(2026, 4, 30, 5, 30)));
  EXPECT_FALSE(IsActive(monthly, At(2026, 3, 30, 5, 30)));
  const Downtime yearly =
      From(At(2024, 2, 29, 5), 60, R"(,"recurrence":{"type":"yearly","interval":1})");
  EXPECT_TRUE(IsActive(yearly, At(2026, 2, 28, 5)));
}

TEST(DowntimeTest, NoOccurrenceBeginsBehindUntil) {
  const std::string until = std::to_string(absl::ToUnixSeconds(At(2026, 3, 3, 0)));
  const Downtime daily =
      From(At(2026, 3, 1, 23), 120,
           R"(,"recurrence":{"type":"daily","interval":1,"until":)" + until + "}");
  EXPECT_TRUE(IsActive(daily, At(2026, 3, 3, 0, 59))) << "began before";
  EXPECT_FALSE(IsActive(daily, At(2026, 3, 3, 23, 30)));
}

TEST(DowntimeTest, CoversByScopesAndMonitors) {
  const Downtime any = From(At(2026, 3, 1, 1), 1);
  EXPECT_TRUE(Covers(any, "m", {}));
  const Downtime scoped = From(At(2026, 3, 1, 1), 1,
                               R"(,"serviceScopes":["a1"],"roleScopes":["b1: r1"],)"
                               R"("roleExcludeScopes":["a1:r2"],"monitorScopes":["m"])");
  EXPECT_TRUE(Covers(scoped, "m", {{"a1", "r1"}}));
  EXPECT_TRUE(Covers(scoped, "m", {{"b1", "r1"}}));
  EXPECT_FALSE(Covers(scoped, "m", {{"b1", "r2"}}));
  EXPECT_FALSE(Covers(scoped, "m", {{"a1", "r2"}})) << "excluded";
  EXPECT_FALSE(Covers(scoped, "n", {{"a1", "r1"}})) << "another monitor";
  EXPECT_FALSE(Covers(scoped, "m", {})) << "nothing is known about its services";
}

}  // namespace
}  // namespace tidegate::control
