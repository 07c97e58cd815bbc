#include "model/metrics/decaying_reservoir.h"

#include <gtest/gtest.h>

#include <cmath>

namespace tidegate::model {
namespace {

constexpr absl::Duration kStart = absl::Seconds(1000);

TEST(DecayingReservoir, IsZeroWithoutValues) {
  const ValueFigures figures = DecayingReservoir(1, kStart).Figures();
  EXPECT_EQ(figures.count, 0u);
  EXPECT_EQ(figures.max, 0);
  EXPECT_EQ(figures.p999, 0);
}

TEST(DecayingReservoir, KeepsEverythingOfASmallSet) {
  // As MicroProfile's test kit fills its histogram, and with the figures that it expects.
  DecayingReservoir reservoir(1, kStart);
  for (int i = 0; i < 500; ++i) {
    reservoir.Update(i, kStart + absl::Microseconds(i));
    reservoir.Update(999 - i, kStart + absl::Microseconds(i));
  }
  const ValueFigures figures = reservoir.Figures();
  EXPECT_EQ(figures.count, 1000u);
  EXPECT_EQ(figures.min, 0);
  EXPECT_EQ(figures.max, 999);
  EXPECT_NEAR(figures.mean, 499.5, 1e-9);
  EXPECT_NEAR(figures.stddev, std::sqrt((1000.0 * 1000 - 1) / 12), 1e-9);
  EXPECT_EQ(figures.p50, 499);
  EXPECT_EQ(figures.p75, 749);
  EXPECT_EQ(figures.p95, 949);
  EXPECT_EQ(figures.p98, 979);
  EXPECT_EQ(figures.p99, 989);
  EXPECT_EQ(figures.p999, 998);
}

TEST(DecayingReservoir, OneValueIsAllOfThem) {
  DecayingReservoir reservoir(1, kStart);
  reservoir.Update(-7.5, kStart);
  const ValueFigures figures = reservoir.Figures();
  EXPECT_EQ(figures.min, -7.5);
  EXPECT_EQ(figures.mean, -7.5);
  EXPECT_EQ(figures.stddev, 0);
  EXPECT_EQ(figures.p50, -7.5);
}

TEST(DecayingReservoir, SamplesALargeSetFairly) {
  DecayingReservoir reservoir(7, kStart);
  for (int i = 0; i < 100000; ++i) reservoir.Update(i, kStart);
  const ValueFigures figures = reservoir.Figures();
  EXPECT_EQ(figures.count, 100000u);
  // The standard error of a median of 1,028 values is 1.6 %: five of them.
  EXPECT_NEAR(figures.p50, 50000, 8000);
  EXPECT_NEAR(figures.mean, 50000, 5000);
  EXPECT_GT(figures.p99, 97000);
}

TEST(DecayingReservoir, NewValuesReplaceOldOnes) {
  DecayingReservoir reservoir(7, kStart);
  for (int second = 0; second < 600; ++second) {
    for (int i = 0; i < 10; ++i) reservoir.Update(1, kStart + absl::Seconds(second));
  }
  for (int second = 600; second < 660; ++second) {
    for (int i = 0; i < 10; ++i) reservoir.Update(100, kStart + absl::Seconds(second));
  }
  // A minute of the new value has 1 - exp(-0.9) = 59 % of the weight, of a tenth of the values.
  EXPECT_EQ(reservoir.Figures().p50, 100);
  EXPECT_NEAR(reservoir.Figures().mean, 100 * (1 - std::exp(-0.9)), 12);
}

TEST(DecayingReservoir, WeightsDecayAmongThoseThatAreKept) {
  DecayingReservoir reservoir(1, kStart);
  reservoir.Update(0, kStart);
  reservoir.Update(1, kStart + absl::Seconds(100));
  const double younger = std::exp(DecayingReservoir::kAlpha * 100);
  EXPECT_NEAR(reservoir.Figures().mean, younger / (1 + younger), 1e-12);
}

TEST(DecayingReservoir, YearsDoNotOverflow) {
  DecayingReservoir reservoir(1, kStart);
  reservoir.Update(1, kStart);
  reservoir.Update(2, kStart + absl::Hours(24 * 365 * 10));
  const ValueFigures figures = reservoir.Figures();
  EXPECT_EQ(figures.p50, 2);
  EXPECT_NEAR(figures.mean, 2, 1e-9);
  EXPECT_EQ(figures.min, 1);
}

}  // namespace
}  // namespace tidegate::model
