#include "ingest/decode/otlp_metrics/delta_totals.h"

#include "gtest/gtest.h"

namespace tidegate::ingest {
namespace {

using Kind = OtlpMetric::Kind;
constexpr uint64_t kSecond = 1'000'000'000;

class DeltaTotalsTest : public testing::Test {
 protected:
  absl::Status Accumulate(uint64_t series, Kind kind, OtlpPoint* point) {
    return totals_.Accumulate({series, series}, kind, now_, rules_, point);
  }
  double Sum(uint64_t series, uint64_t time, double value) {
    OtlpPoint point;
    point.start_time = time - kSecond;
    point.time = time;
    point.value = value;
    EXPECT_TRUE(Accumulate(series, Kind::kSum, &point).ok());
    start_ = point.start_time;
    return point.value;
  }

  TenantDeltaTotals totals_;
  model::OtlpMetricRules rules_;
  uint64_t now_ = 1'000'000 * kSecond;
  uint64_t start_ = 0;
};

TEST_F(DeltaTotalsTest, SumsGrowFromTheirFirstPoint) {
  EXPECT_EQ(Sum(1, 10 * kSecond, 3), 3);
  EXPECT_EQ(Sum(1, 20 * kSecond, 4), 7);
  EXPECT_EQ(start_, 9 * kSecond);
  EXPECT_EQ(Sum(2, 20 * kSecond, 1), 1);
}

TEST_F(DeltaTotalsTest, AResendChangesNothingAndOlderOnesAreErrors) {
  Sum(1, 10 * kSecond, 3);
  Sum(1, 20 * kSecond, 4);
  EXPECT_EQ(Sum(1, 20 * kSecond, 4), 7);
  OtlpPoint late;
  late.time = 15 * kSecond;
  EXPECT_TRUE(absl::IsInvalidArgument(Accumulate(1, Kind::kSum, &late)));
  EXPECT_EQ(Sum(1, 30 * kSecond, 1), 8);
}

TEST_F(DeltaTotalsTest, HistogramsAddUpAndOtherBoundsBeginAnew) {
  OtlpPoint point;
  point.time = 1;
  point.count = 3;
  point.sum = 1.5;
  point.bounds = {1};
  point.bucket_counts = {1, 2};
  OtlpPoint next = point;
  next.time = 2;
  ASSERT_TRUE(Accumulate(1, Kind::kHistogram, &point).ok());
  ASSERT_TRUE(Accumulate(1, Kind::kHistogram, &next).ok());
  EXPECT_EQ(next.count, 6u);
  EXPECT_EQ(*next.sum, 3.0);
  EXPECT_EQ(next.bucket_counts, std::vector<uint64_t>({2, 4}));
  OtlpPoint other = point;
  other.time = 3;
  other.bounds = {2};
  ASSERT_TRUE(Accumulate(1, Kind::kHistogram, &other).ok());
  EXPECT_EQ(other.count, 3u);
}

TEST_F(DeltaTotalsTest, ExponentialHistogramsMeetAtTheLowerScale) {
  OtlpPoint total, more;
  total.scale = 1;
  total.count = 4;
  total.sum = 1;
  total.positive = {-2, {1, 1, 1, 1}};  // Buckets -2..1.
  more.scale = 0;
  more.count = 3;
  more.sum = 2;
  more.zero_count = 1;
  more.positive = {1, {2}};
  AddExponential(more, &total);
  EXPECT_EQ(total.scale, 0);
  EXPECT_EQ(total.positive.offset, -1);
  EXPECT_EQ(total.positive.counts, std::vector<uint64_t>({2, 2, 2}));
  EXPECT_EQ(total.count, 7u);
  EXPECT_EQ(total.zero_count, 1u);
}

TEST_F(DeltaTotalsTest, DistantBucketsAreMergedIntoABoundedNumber) {
  OtlpPoint total, more;
  total.scale = more.scale = 8;
  total.positive = {-2'000'000'000, {1}};
  more.positive = {2'000'000'000, {1}};
  AddExponential(more, &total);
  EXPECT_LE(total.positive.counts.size(), 2048u);
  uint64_t sum = 0;
  for (const uint64_t count : total.positive.counts) sum += count;
  EXPECT_EQ(sum, 2u);
}

TEST_F(DeltaTotalsTest, SeriesAreBoundedAndIdleOnesMakeRoom) {
  rules_.delta_max_streams = 2;
  Sum(1, kSecond, 1);
  now_ += kSecond;
  Sum(2, kSecond, 1);
  OtlpPoint third;
  EXPECT_TRUE(absl::IsResourceExhausted(Accumulate(3, Kind::kSum, &third)));
  now_ += 300 * kSecond - kSecond;  // Now 1 is idle for long enough, and 2 is not.
  third.value = 5;
  EXPECT_TRUE(Accumulate(3, Kind::kSum, &third).ok());
  EXPECT_EQ(totals_.weight(), 2u);
  EXPECT_EQ(Sum(2, 2 * kSecond, 1), 2);
}

}  // namespace
}  // namespace tidegate::ingest
