#include "query/service/query_range_limits.h"

#include "gtest/gtest.h"
#include "query/vector/refused_by.h"

namespace tidegate::query {
namespace {

constexpr int64_t kHour = 3'600'000;

TEST(QueryRangeLimits, NoLimitIsNoLimit) {
  const model::TenantLimits limits;
  EXPECT_TRUE(CheckQueryLength(limits, model::kMinTimestamp, model::kMaxTimestamp).ok());
  EXPECT_EQ(OldestQueryTime(limits, absl::FromUnixMillis(kHour)), model::kMinTimestamp);
}

TEST(QueryRangeLimits, LongRangesAreRefusedInMimirsWords) {
  model::TenantLimits limits;
  limits.logs.max_query_length = absl::Hours(2);
  EXPECT_TRUE(CheckQueryLength(limits, 0, 2 * kHour).ok());
  const absl::Status refused = CheckQueryLength(limits, 0, 2 * kHour + 61'000);
  EXPECT_TRUE(absl::IsOutOfRange(refused));
  EXPECT_EQ(refused.message(),
            "the total query time range exceeds the limit (query length: 2h1m1s, limit: 2h0m0s)");
  EXPECT_EQ(LimitThatRefused(refused), "max_query_length");
}

TEST(QueryRangeLimits, LongTextsAreRefusedInMimirsWords) {
  model::TenantLimits limits;
  EXPECT_TRUE(CheckExpressionSize(limits, std::string(1 << 20, 'a')).ok());
  limits.max_query_expression_size_bytes = 5;
  EXPECT_TRUE(CheckExpressionSize(limits, "a + b").ok());
  const absl::Status refused = CheckExpressionSize(limits, "a + bb");
  EXPECT_TRUE(absl::IsOutOfRange(refused));
  EXPECT_EQ(refused.message(),
            "the raw query size in bytes exceeds the limit (query size: 6, limit: 5)");
  EXPECT_EQ(LimitThatRefused(refused), "max_query_expression_size_bytes");
}

TEST(QueryRangeLimits, LookbackCountsFromNow) {
  model::TenantLimits limits;
  limits.logs.max_query_lookback = absl::Hours(1);
  EXPECT_EQ(OldestQueryTime(limits, absl::FromUnixMillis(5 * kHour)), 4 * kHour);
}

TEST(QueryRangeLimits, StepsStayOnTheirGrid) {
  EXPECT_EQ(FirstStepFrom(100, 200, 15), 200);
  EXPECT_EQ(FirstStepFrom(100, 100, 15), 100);
  EXPECT_EQ(FirstStepFrom(101, 100, 15), 115);
  EXPECT_EQ(FirstStepFrom(115, 100, 15), 115);
  EXPECT_EQ(FirstStepFrom(0, -20, 15), 10);
}

}  // namespace
}  // namespace tidegate::query
