#include "query/promql/syntax/lex/duration_text.h"

#include <string>
#include <string_view>

#include "gtest/gtest.h"

namespace tidegate::promql {
namespace {

constexpr int64_t kHour = 3'600'000;
constexpr int64_t kDay = 24 * kHour;

std::string FaultOf(std::string_view text) {
  const auto ms = ParseDurationMs(text);
  return ms.ok() ? "" : std::string(ms.status().message());
}

TEST(ParseDuration, EveryUnit) {
  EXPECT_EQ(*ParseDurationMs("1ms"), 1);
  EXPECT_EQ(*ParseDurationMs("1s"), 1'000);
  EXPECT_EQ(*ParseDurationMs("1m"), 60'000);
  EXPECT_EQ(*ParseDurationMs("1h"), kHour);
  EXPECT_EQ(*ParseDurationMs("1d"), kDay);
  EXPECT_EQ(*ParseDurationMs("1w"), 7 * kDay);
  EXPECT_EQ(*ParseDurationMs("1y"), 365 * kDay);
}

TEST(ParseDuration, UnitsAddUp) {
  EXPECT_EQ(*ParseDurationMs("1y2w3d4h5m6s7ms"),
            365 * kDay + 14 * kDay + 3 * kDay + 4 * kHour + 306'007);
  EXPECT_EQ(*ParseDurationMs("90m"), 90 * 60'000);
}

TEST(ParseDuration, ZeroNeedsNoUnit) {
  EXPECT_EQ(*ParseDurationMs("0"), 0);
  EXPECT_EQ(*ParseDurationMs("0s"), 0);
  EXPECT_EQ(FaultOf("1"), "not a valid duration string: \"1\"");
}

TEST(ParseDuration, Malformed) {
  EXPECT_EQ(FaultOf(""), "empty duration string");
  EXPECT_EQ(FaultOf("s"), "not a valid duration string: \"s\"");
  EXPECT_EQ(FaultOf("-1s"), "not a valid duration string: \"-1s\"");
  EXPECT_EQ(FaultOf("1.5h"), "unknown unit \".\" in duration \"1.5h\"");
  EXPECT_EQ(FaultOf("5q"), "unknown unit \"q\" in duration \"5q\"");
  EXPECT_EQ(FaultOf("1s1s"), "not a valid duration string: \"1s1s\"");
  EXPECT_EQ(FaultOf("1m1h"), "not a valid duration string: \"1m1h\"");
  EXPECT_EQ(FaultOf("99999999999999999999s"),
            "not a valid duration string: \"99999999999999999999s\"");
}

TEST(ParseDuration, AtMost292Years) {
  EXPECT_EQ(*ParseDurationMs("292y"), 292 * 365 * kDay);
  EXPECT_EQ(FaultOf("293y"), "duration out of range");
  EXPECT_EQ(FaultOf("292y52w"), "duration out of range");
  EXPECT_EQ(FaultOf("18446744073709551615ms"), "duration out of range");
}

TEST(FormatDuration, LargestUnitsFirst) {
  EXPECT_EQ(FormatDurationMs(0), "0s");
  EXPECT_EQ(FormatDurationMs(7), "7ms");
  EXPECT_EQ(FormatDurationMs(61'001), "1m1s1ms");
  EXPECT_EQ(FormatDurationMs(kHour + 1'800'000), "1h30m");
  EXPECT_EQ(FormatDurationMs(3 * kDay), "3d");
}

TEST(FormatDuration, YearsAndWeeksOnlyIfWhole) {
  EXPECT_EQ(FormatDurationMs(14 * kDay), "2w");
  EXPECT_EQ(FormatDurationMs(15 * kDay), "15d");
  EXPECT_EQ(FormatDurationMs(365 * kDay), "1y");
  EXPECT_EQ(FormatDurationMs(366 * kDay), "366d");
}

TEST(FormatDuration, ReadsBackTheSame) {
  for (const int64_t ms : {int64_t{1}, int64_t{999}, 90 * kDay, 1000 * kDay + 1, kHour - 1}) {
    EXPECT_EQ(*ParseDurationMs(FormatDurationMs(ms)), ms);
  }
}

}  // namespace
}  // namespace tidegate::promql
