#include "api/prometheus/parameters.h"

#include <gtest/gtest.h>

namespace tidegate::api {
namespace {

std::string ErrorText(const absl::Status& status) { return std::string(status.message()); }

TEST(ParseTime, FloatSecondsAreRoundedToMilliseconds) {
  EXPECT_EQ(*ParseTime("0"), 0);
  EXPECT_EQ(*ParseTime("4"), 4000);
  EXPECT_EQ(*ParseTime("1435781451.781"), 1435781451781);
  EXPECT_EQ(*ParseTime("1.0006"), 1001);
  EXPECT_EQ(*ParseTime("1.0004"), 1000);
  EXPECT_EQ(*ParseTime("-1.5"), -1500);
  EXPECT_EQ(*ParseTime("+2"), 2000);
  EXPECT_EQ(*ParseTime("1e3"), 1'000'000);
}

TEST(ParseTime, EveryMillisecondSurvives) {
  for (int64_t ms = 1'700'000'000'000; ms < 1'700'000'001'000; ++ms) {
    const std::string text =
        std::to_string(ms / 1000) + "." + std::to_string(1000 + ms % 1000).substr(1);
    EXPECT_EQ(*ParseTime(text), ms) << text;
  }
}

TEST(ParseTime, Rfc3339) {
  EXPECT_EQ(*ParseTime("2015-07-01T20:10:51.781Z"), 1435781451781);
  EXPECT_EQ(*ParseTime("2015-07-01T20:10:51Z"), 1435781451000);
  EXPECT_EQ(*ParseTime("2015-07-01T22:10:51+02:00"), 1435781451000);
  EXPECT_EQ(*ParseTime("2015-07-01T20:10:51.781999999Z"), 1435781451781);
  EXPECT_EQ(*ParseTime("1969-12-31T23:59:59Z"), -1000);
}

TEST(ParseTime, FirstAndLastTime) {
  EXPECT_EQ(*ParseTime("-292273086-05-16T16:47:06Z"), model::kMinTimestamp);
  EXPECT_EQ(*ParseTime("292277025-08-18T07:12:54.999999999Z"), model::kMaxTimestamp);
}

TEST(ParseTime, TimesFarAwayAreClamped) {
  EXPECT_EQ(*ParseTime("1e300"), model::kMaxTimestamp);
  EXPECT_EQ(*ParseTime("-1e300"), model::kMinTimestamp);
  EXPECT_EQ(*ParseTime("1700000000000"), 1'700'000'000'000'000);  // Milliseconds by mistake.
}

TEST(ParseTime, RefusesTheRest) {
  for (const char* text :
       {"", "abc", "NaN", "Inf", "-Inf", "1.2.3", "1 ", " 1", "+-1", "2015-07-01",
        "infinite-future", "2015-07-01T20:10:51", "2015-07-01T20:10:51Z "}) {
    EXPECT_FALSE(ParseTime(text).ok()) << text;
  }
  EXPECT_EQ(ErrorText(ParseTime("a\"b").status()), R"(cannot parse "a\"b" to a valid timestamp)");
}

TEST(ParseDuration, FloatSeconds) {
  EXPECT_EQ(*ParseDuration("15"), absl::Seconds(15));
  EXPECT_EQ(*ParseDuration("0.5"), absl::Milliseconds(500));
  EXPECT_EQ(*ParseDuration("-1"), absl::Seconds(-1));
}

TEST(ParseDuration, Units) {
  EXPECT_EQ(*ParseDuration("5m"), absl::Minutes(5));
  EXPECT_EQ(*ParseDuration("1h30m"), absl::Minutes(90));
  EXPECT_EQ(*ParseDuration("1y2w3d4h5m6s7ms"), absl::Hours(24 * (365 + 14 + 3) + 4) +
                                                   absl::Minutes(5) + absl::Seconds(6) +
                                                   absl::Milliseconds(7));
  EXPECT_EQ(*ParseDuration("0"), absl::ZeroDuration());
  EXPECT_EQ(*ParseDuration("0s"), absl::ZeroDuration());
}

TEST(ParseDuration, RefusesTheRest) {
  for (const char* text : {"", "5", "m", "5x", "5m1h", "5m5m", "-5m", "1h 5m", "1.5h", "5M", "300y",
                           "99999999999999999999s"}) {
    if (std::string_view(text) == "5") continue;  // Seconds.
    EXPECT_FALSE(ParseDuration(text).ok()) << text;
  }
  EXPECT_EQ(ErrorText(ParseDuration("5x").status()), R"(cannot parse "5x" to a valid duration)");
  EXPECT_EQ(ErrorText(ParseDuration("1e10").status()),
            R"(cannot parse "1e10" to a valid duration. It overflows int64)");
}

TEST(ParseLimit, CountsAndTexts) {
  EXPECT_EQ(*ParseLimit(""), 0u);
  EXPECT_EQ(*ParseLimit("10"), 10u);
  EXPECT_EQ(*ParseLimit("+7"), 7u);
  EXPECT_EQ(ErrorText(ParseLimit("-1").status()), "limit must be non-negative");
  EXPECT_EQ(ErrorText(ParseLimit("ten").status()),
            R"(strconv.Atoi: parsing "ten": invalid syntax)");
  EXPECT_EQ(ErrorText(ParseLimit("99999999999999999999").status()),
            R"(strconv.Atoi: parsing "99999999999999999999": value out of range)");
  EXPECT_FALSE(ParseLimit("1.5").ok());
  EXPECT_FALSE(ParseLimit("+-1").ok());
}

TEST(TimeParameter, WrapsErrorsAsPrometheusDoes) {
  Parameters parameters;
  parameters.Add("time", "now");
  EXPECT_EQ(
      ErrorText(TimeParameter(parameters, "time", 7).status()),
      R"(invalid parameter "time": invalid time value for 'time': cannot parse "now" to a valid timestamp)");
  EXPECT_EQ(ErrorText(TimeParameter(parameters, "start").status()),
            R"(invalid parameter "start": cannot parse "" to a valid timestamp)");
  EXPECT_EQ(*TimeParameter(parameters, "end", 7), 7);
}

TEST(RangeParameters, EverythingByDefault) {
  Parameters parameters;
  EXPECT_EQ(*RangeParameters(parameters), model::TimeRange());
  parameters.Add("start", "1");
  parameters.Add("end", "2");
  EXPECT_EQ(*RangeParameters(parameters), (model::TimeRange{1000, 2000}));
}

TEST(LimitParameter, NamesItself) {
  Parameters parameters;
  parameters.Add("limit", "x");
  EXPECT_EQ(ErrorText(LimitParameter(parameters, "limit").status()),
            R"(invalid parameter "limit": strconv.Atoi: parsing "x": invalid syntax)");
}

}  // namespace
}  // namespace tidegate::api
