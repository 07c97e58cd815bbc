#include "api/loki/parameters.h"

#include <gtest/gtest.h>

#include <string>

namespace tidegate::api {
namespace {

constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kNow = 1'700'000'000 * kSecond;

Parameters With(std::initializer_list<std::pair<std::string, std::string>> pairs) {
  Parameters parameters;
  for (const auto& [name, value] : pairs) parameters.Add(name, value);
  return parameters;
}

std::string Error(const absl::Status& status) { return std::string(status.message()); }

TEST(ParseLokiTime, EveryForm) {
  EXPECT_EQ(*ParseLokiTime("1700000000"), kNow);
  EXPECT_EQ(*ParseLokiTime("1700000000000000001"), kNow + 1);
  EXPECT_EQ(*ParseLokiTime("1700000000.25"), kNow + kSecond / 4);
  EXPECT_EQ(*ParseLokiTime("2023-11-14T22:13:20Z"), kNow);
  EXPECT_EQ(*ParseLokiTime("2023-11-14T22:13:20.000000007Z"), kNow + 7);
  EXPECT_EQ(*ParseLokiTime("0"), 0);
  for (const char* wrong : {"", "x", "1e400.0", "2023-11-14", "99999999999999999999"}) {
    EXPECT_FALSE(ParseLokiTime(wrong).ok()) << wrong;
  }
}

TEST(ParseLokiDuration, NumbersAndDurations) {
  EXPECT_EQ(*ParseLokiDuration("5"), 5 * kSecond);
  EXPECT_EQ(*ParseLokiDuration("0.5"), kSecond / 2);
  EXPECT_EQ(*ParseLokiDuration("15000ms"), 15 * kSecond);
  EXPECT_EQ(*ParseLokiDuration("1d"), 86400 * kSecond);
  EXPECT_FALSE(ParseLokiDuration("h").ok());
  EXPECT_FALSE(ParseLokiDuration("1e300").ok());
}

TEST(ReadBounds, Defaults) {
  const auto all = ReadBounds(With({}), kNow, absl::Hours(6));
  EXPECT_EQ(all->begin, kNow - 6 * 3600 * kSecond);
  EXPECT_EQ(all->end, kNow);
  const auto since =
      ReadBounds(With({{"since", "1h"}, {"end", "2023-11-14T21:13:20Z"}}), kNow, absl::Hours(6));
  EXPECT_EQ(since->begin, kNow - 2 * 3600 * kSecond);
  const auto future = ReadBounds(With({{"end", "1800000000"}}), kNow, absl::Hours(1));
  EXPECT_EQ(future->begin, kNow - 3600 * kSecond);
  EXPECT_TRUE(Error(ReadBounds(With({{"end", "soon"}}), kNow, absl::Hours(1)).status())
                  .starts_with("could not parse 'end' parameter: "));
  EXPECT_FALSE(ReadBounds(With({{"since", "x"}}), kNow, absl::Hours(1)).ok());
}

TEST(ReadRangeRequest, Everything) {
  const auto request = ReadRangeRequest(With({{"query", "{a=\"b\"}"},
                                              {"start", "1600000000"},
                                              {"end", "1600003600"},
                                              {"step", "5s"},
                                              {"interval", "2"},
                                              {"limit", "7"},
                                              {"direction", "Forward"}}),
                                        kNow);
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_EQ(request->query, "{a=\"b\"}");
  EXPECT_EQ(request->start, 1'600'000'000 * kSecond);
  EXPECT_EQ(request->step_ns, 5 * kSecond);
  EXPECT_EQ(request->interval_ns, 2 * kSecond);
  EXPECT_EQ(request->limit, 7u);
  EXPECT_EQ(request->direction, query::LogDirection::kForward);
}

TEST(ReadRangeRequest, TheDefaultStepFollowsTheRange) {
  EXPECT_EQ(ReadRangeRequest(With({}), kNow)->step_ns, 14 * kSecond);
  EXPECT_EQ(ReadRangeRequest(With({{"since", "1m"}}), kNow)->step_ns, kSecond);
}

TEST(ReadRangeRequest, LokisTexts) {
  const auto error = [](std::initializer_list<std::pair<std::string, std::string>> pairs) {
    return Error(ReadRangeRequest(With(pairs), kNow).status());
  };
  EXPECT_EQ(error({{"start", "2"}, {"end", "1"}}),
            "end timestamp must not be before or equal to start time");
  EXPECT_EQ(error({{"limit", "0"}}), "limit must be a positive value");
  EXPECT_EQ(error({{"direction", "up"}}), "invalid direction 'up'");
  EXPECT_EQ(error({{"step", "0"}}),
            "zero or negative query resolution step widths are not accepted. Try a positive "
            "integer");
  EXPECT_EQ(error({{"since", "1d"}, {"step", "1"}}),
            "exceeded maximum resolution of 11,000 points per time series. Try increasing the "
            "value of the step parameter");
  EXPECT_EQ(error({{"interval", "-1"}}), "interval must be >= 0");
}

TEST(ReadInstantRequest, TimeAndLimit) {
  EXPECT_EQ(ReadInstantRequest(With({}), kNow)->time, kNow);
  EXPECT_EQ(ReadInstantRequest(With({{"time", "1600000000"}}), kNow)->time,
            1'600'000'000 * kSecond);
  EXPECT_FALSE(ReadInstantRequest(With({{"time", "t"}}), kNow).ok());
  EXPECT_FALSE(ReadInstantRequest(With({{"limit", "h"}}), kNow).ok());
}

}  // namespace
}  // namespace tidegate::api
