#include "query/vector/budget.h"

#include "gtest/gtest.h"

namespace tidegate::query {
namespace {

TEST(Budget, ZeroIsNoLimit) {
  Budget budget({});
  EXPECT_TRUE(budget.AddLoaded(uint64_t{1} << 40).ok());
  EXPECT_TRUE(budget.Hold(uint64_t{1} << 40).ok());
}

TEST(Budget, TooManySamplesInPrometheusWords) {
  Budget budget({.max_samples = 10});
  EXPECT_TRUE(budget.AddLoaded(10).ok());
  const absl::Status status = budget.AddLoaded(1);
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(status.message(),
            "query processing would load too many samples into memory in query execution");
  EXPECT_EQ(budget.samples(), 11u);
}

TEST(Budget, CountsSeries) {
  Budget budget({.max_series = 1});
  EXPECT_TRUE(budget.AddLoaded(1).ok());
  EXPECT_EQ(budget.AddLoaded(1).code(), absl::StatusCode::kResourceExhausted);
}

TEST(Budget, HoldsAndReleases) {
  Budget budget({.max_bytes = 100});
  EXPECT_TRUE(budget.Hold(60).ok());
  EXPECT_FALSE(budget.Hold(60).ok());
  budget.ReleaseDownTo(40);
  EXPECT_TRUE(budget.Hold(60).ok());
  EXPECT_EQ(budget.held_bytes(), 100u);
  EXPECT_EQ(budget.peak_bytes(), 120u);
}

}  // namespace
}  // namespace tidegate::query
