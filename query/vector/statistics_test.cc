#include "query/vector/statistics.h"

#include <cmath>
#include <limits>
#include <vector>

#include "gtest/gtest.h"

namespace tidegate::query {
namespace {

double Mean(const std::vector<double>& values) {
  RunningMean mean;
  for (const double value : values) mean.Add(value);
  return mean.Mean();
}

double QuantileOf(double q, std::vector<double> values) { return Quantile(q, &values); }

TEST(KahanSum, KeepsWhatPlainAdditionLoses) {
  KahanSum sum;
  for (const double value : {1e100, 1.0, -1e100}) sum.Add(value);
  EXPECT_EQ(sum.Total(), 1);
}

TEST(KahanSum, InfinityIsNotCompensated) {
  KahanSum sum;
  for (const double value : {1.0, static_cast<double>(INFINITY), 1.0}) sum.Add(value);
  EXPECT_EQ(sum.Total(), INFINITY);
}

TEST(RunningMean, DoesNotOverflow) {
  EXPECT_EQ(Mean({1.7e308, 1.7e308, 1.7e308}), 1.7e308);
  EXPECT_EQ(Mean({1, 2, 6}), 3);
  EXPECT_EQ(Mean({5}), 5);
}

TEST(RunningMean, Infinities) {
  EXPECT_EQ(Mean({INFINITY, 1}), INFINITY);
  EXPECT_TRUE(std::isnan(Mean({INFINITY, -INFINITY})));
}

TEST(Quantile, InterpolatesBetweenRanks) {
  EXPECT_EQ(QuantileOf(0.5, {4, 1, 3, 2}), 2.5);
  EXPECT_EQ(QuantileOf(0, {4, 1}), 1);
  EXPECT_EQ(QuantileOf(1, {4, 1}), 4);
  EXPECT_EQ(QuantileOf(0.5, {7}), 7);
}

TEST(Quantile, Borders) {
  EXPECT_EQ(QuantileOf(-0.1, {1}), -INFINITY);
  EXPECT_EQ(QuantileOf(1.1, {1}), INFINITY);
  EXPECT_TRUE(std::isnan(QuantileOf(NAN, {1})));
  EXPECT_TRUE(std::isnan(QuantileOf(0.5, {})));
  EXPECT_TRUE(std::isnan(QuantileOf(0, {1, NAN, 2})));
}

TEST(Variance, OfAPopulation) {
  const std::vector<double> values{2, 4, 4, 4, 5, 5, 7, 9};
  EXPECT_DOUBLE_EQ(Variance(values), 4);
}

}  // namespace
}  // namespace tidegate::query
