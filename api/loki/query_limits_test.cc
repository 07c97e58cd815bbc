#include "api/loki/query_limits.h"

#include <gtest/gtest.h>

#include <string>

namespace tidegate::api {
namespace {

constexpr int64_t kHour = 3600LL * 1'000'000'000;
constexpr int64_t kNow = 1000 * kHour;

TEST(IsLogQuery, BeginsWithASelector) {
  for (const char* query : {"{a=\"b\"}", " ({a=\"b\"} |= `x`)", "# why\n{a=\"b\"}"}) {
    EXPECT_TRUE(IsLogQuery(query)) << query;
  }
  for (const char* query : {"rate({a=\"b\"}[1m])", "(sum(rate({a=\"b\"}[1m])))", "1", "", "#"}) {
    EXPECT_FALSE(IsLogQuery(query)) << query;
  }
}

TEST(LimitRange, NoLimitsNoChange) {
  storage::LogRange range = {0, kNow};
  EXPECT_TRUE(LimitRange({}, kNow, &range).ok());
  EXPECT_EQ(range, (storage::LogRange{0, kNow}));
}

TEST(LimitRange, LookbackCutsTheStart) {
  model::LogLimits limits;
  limits.max_query_lookback = absl::Hours(10);
  storage::LogRange range = {0, kNow};
  EXPECT_TRUE(LimitRange(limits, kNow, &range).ok());
  EXPECT_EQ(range, (storage::LogRange{kNow - 10 * kHour, kNow}));
  range = {0, kHour};
  EXPECT_TRUE(LimitRange(limits, kNow, &range).ok());
  EXPECT_TRUE(range.empty());
}

TEST(LimitRange, LengthIsLokisText) {
  model::LogLimits limits;
  limits.max_query_length = absl::Hours(25);
  storage::LogRange range = {kNow - 26 * kHour, kNow};
  EXPECT_EQ(LimitRange(limits, kNow, &range).message(),
            "the query time range exceeds the limit (query length: 1d2h, limit: 1d1h)");
  range = {kNow - 25 * kHour, kNow};
  EXPECT_TRUE(LimitRange(limits, kNow, &range).ok());
}

TEST(CheckEntries, OfLogQueriesOnly) {
  model::LogLimits limits;
  limits.max_entries_limit_per_query = 5000;
  query::LogRangeRequest request;
  request.query = "{a=\"b\"}";
  request.limit = 5001;
  EXPECT_EQ(CheckEntries(limits, request).message(),
            "max entries limit per query exceeded, limit > max_entries_limit_per_query (5001 > "
            "5000)");
  request.query = "rate({a=\"b\"}[1m])";
  EXPECT_TRUE(CheckEntries(limits, request).ok());
}

}  // namespace
}  // namespace tidegate::api
