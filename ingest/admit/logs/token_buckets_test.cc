#include "ingest/admit/logs/token_buckets.h"

#include "gtest/gtest.h"

namespace tidegate::ingest {
namespace {

constexpr TokenRate kRate = {.per_second = 10, .burst = 20};

TEST(TokenBuckets, StartFullAndFillWithTime) {
  TokenBuckets buckets;
  const absl::Time start = absl::FromUnixSeconds(1000);
  EXPECT_TRUE(buckets.Take("a", kRate, 20, start));
  EXPECT_FALSE(buckets.Take("a", kRate, 1, start));
  EXPECT_TRUE(buckets.Take("b", kRate, 20, start));
  EXPECT_FALSE(buckets.Take("a", kRate, 11, start + absl::Seconds(1)));
  EXPECT_TRUE(buckets.Take("a", kRate, 10, start + absl::Seconds(1)));
  EXPECT_FALSE(buckets.Take("a", kRate, 21, start + absl::Hours(1)));
}

TEST(TokenBuckets, NoRateIsNoLimit) {
  TokenBuckets buckets;
  EXPECT_TRUE(buckets.Take("a", {}, 1e12, absl::UnixEpoch()));
  EXPECT_EQ(buckets.size(), 0u);
}

TEST(TokenBuckets, ForgetsWhatIsFullAgain) {
  TokenBuckets buckets;
  for (int i = 0; i < 10'000; ++i) {
    buckets.Take(std::to_string(i), kRate, 1, absl::UnixEpoch() + absl::Seconds(i));
  }
  EXPECT_LE(buckets.size(), 1024u);
}

}  // namespace
}  // namespace tidegate::ingest
