#include "query/logql/template/go_time.h"

#include <string>
#include <string_view>
#include <utility>

#include "gtest/gtest.h"

namespace tidegate::logql {
namespace {

// Thursday, 2023-03-09, 15:04:05.012345678 UTC.
TimeValue Moment() { return {absl::FromUnixNanos(1'678'374'245'012'345'678), absl::UTCTimeZone()}; }

TEST(FormatGoTime, EveryElement) {
  constexpr std::pair<const char*, const char*> kCases[] = {
      {"2006-01-02T15:04:05", "2023-03-09T15:04:05"},
      {"Monday, 02 January 06", "Thursday, 09 March 23"},
      {"Mon Jan _2 2 1 __2 002", "Thu Mar  9 9 3  68 068"},
      {"3:4:5pm 03 PM", "3:4:5pm 03 PM"},
      {"05.000 05.999 05,00", "05.012 05.012 05,01"},
      {"05.000000000", "05.012345678"},
      {"Z07:00 -0700 -07 MST", "Z +0000 +00 UTC"},
      {"Months Monster January1", "Months Monster March3"},
      {"_2006 20060102", "_2023 20230309"},
      {"05.0005", "05.0005"},  // The second 05 is one of its own,
      {"", ""},
  };
  for (const auto& [layout, text] : kCases) EXPECT_EQ(FormatGoTime(layout, Moment()), text);
}

TEST(FormatGoTime, Zones) {
  TimeValue time = Moment();
  time.zone = absl::FixedTimeZone(-(5 * 3600 + 30 * 60));
  EXPECT_EQ(FormatGoTime("15:04 -07:00 -070000 Z0700", time), "09:34 -05:30 -053000 -0530");
  time.time = absl::UnixEpoch();
  time.zone = absl::UTCTimeZone();
  EXPECT_EQ(FormatGoTime("05.999", time), "00");
  EXPECT_EQ(FormatGoTime("3PM", time), "12AM");
}

std::string Parsed(std::string_view layout, std::string_view text) {
  const auto time = ParseGoTime(layout, text, absl::FixedTimeZone(3600));
  return time.has_value() ? FormatGoTime("2006-01-02T15:04:05.999999999Z07:00", *time) : "none";
}

TEST(ParseGoTime, ReadsWhatItPrints) {
  EXPECT_EQ(Parsed("2006-01-02", "2021-11-02"), "2021-11-02T00:00:00+01:00");
  EXPECT_EQ(Parsed("2006-01-02T15:04:05Z07:00", "2021-11-02T01:02:03Z"), "2021-11-02T01:02:03Z");
  EXPECT_EQ(Parsed("2006-01-02T15:04:05Z07:00", "2021-11-02T01:02:03.5-02:00"),
            "2021-11-02T01:02:03.5-02:00");
  EXPECT_EQ(Parsed("2006-01-02T15:04:05.999999999Z", "2023-03-10T01:32:40.340485723Z"),
            "2023-03-10T01:32:40.340485723+01:00");
  EXPECT_EQ(Parsed("Jan _2 2006 3:04PM MST", "feb  5 2024 12:30AM UTC"), "2024-02-05T00:30:00Z");
  EXPECT_EQ(Parsed("06 002", "24 060"), "2024-02-29T00:00:00+01:00");
  EXPECT_EQ(Parsed("15:04:05.000", "01:02:03.250"), "0000-01-01T01:02:03.25+01:00");
}

TEST(ParseGoTime, RefusesWhatIsNoTime) {
  EXPECT_EQ(Parsed("2006-01-02", "2021-02-30"), "none");
  EXPECT_EQ(Parsed("2006-01-02", "2021-13-01"), "none");
  EXPECT_EQ(Parsed("2006-01-02", "2021-1-01"), "none");
  EXPECT_EQ(Parsed("2006-01-02", "2021-01-01x"), "none");
  EXPECT_EQ(Parsed("2006-01-02", ""), "none");
  EXPECT_EQ(Parsed("06 002", "23 366"), "none");
  EXPECT_EQ(Parsed("Z07:00", "+1:00"), "none");
  EXPECT_EQ(Parsed("05.00", "05.1"), "none");
}

}  // namespace
}  // namespace tidegate::logql
