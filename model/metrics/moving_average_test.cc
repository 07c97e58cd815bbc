#include "model/metrics/moving_average.h"

#include <gtest/gtest.h>

#include <cmath>

namespace tidegate::model {
namespace {

TEST(MovingAverage, IsZeroBeforeTheFirstTick) {
  EXPECT_EQ(MovingAverage(absl::Minutes(1)).PerSecond(), 0);
}

TEST(MovingAverage, TheFirstTickSetsTheRate) {
  MovingAverage average(absl::Minutes(1));
  average.Tick(15, 0);
  EXPECT_DOUBLE_EQ(average.PerSecond(), 3);
}

TEST(MovingAverage, ASteadyRateStays) {
  MovingAverage average(absl::Minutes(5));
  for (int i = 0; i < 1000; ++i) average.Tick(10, 0);
  EXPECT_NEAR(average.PerSecond(), 2, 1e-9);
}

TEST(MovingAverage, AWindowOfSilenceLeavesOneEth) {
  MovingAverage average(absl::Minutes(1));
  average.Tick(3, 0);
  for (int i = 0; i < 12; ++i) average.Tick(0, 0);
  EXPECT_NEAR(average.PerSecond(), 0.6 * std::exp(-1), 1e-9);
}

TEST(MovingAverage, QuietTicksAreTicksWithoutEvents) {
  MovingAverage together(absl::Minutes(15));
  MovingAverage apart(absl::Minutes(15));
  together.Tick(7, 100);
  apart.Tick(7, 0);
  for (int i = 0; i < 100; ++i) apart.Tick(0, 0);
  EXPECT_NEAR(together.PerSecond(), apart.PerSecond(), 1e-12);
}

}  // namespace
}  // namespace tidegate::model
