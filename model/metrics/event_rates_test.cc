#include "model/metrics/event_rates.h"

#include <gtest/gtest.h>

#include <cmath>
#include <thread>
#include <vector>

namespace tidegate::model {
namespace {

constexpr absl::Duration kStart = absl::Seconds(1000);

TEST(EventRates, NothingHappened) {
  EventRates rates(kStart);
  const RateFigures figures = rates.Figures(kStart + absl::Minutes(1));
  EXPECT_EQ(figures.count, 0u);
  EXPECT_EQ(figures.mean, 0);
  EXPECT_EQ(figures.one_minute, 0);
}

TEST(EventRates, TheMeanIsSinceTheStart) {
  EventRates rates(kStart);
  rates.Mark(30, kStart + absl::Seconds(1));
  EXPECT_DOUBLE_EQ(rates.Figures(kStart + absl::Seconds(10)).mean, 3);
  EXPECT_EQ(rates.Figures(kStart).mean, 0);
}

TEST(EventRates, EventsCountWithTheNextTick) {
  EventRates rates(kStart);
  rates.Mark(10, kStart + absl::Seconds(1));
  EXPECT_EQ(rates.Figures(kStart + absl::Milliseconds(4999)).one_minute, 0);
  EXPECT_DOUBLE_EQ(rates.Figures(kStart + absl::Seconds(5)).one_minute, 2);
}

TEST(EventRates, ASteadyRateIsSeenInAllWindows) {
  EventRates rates(kStart);
  for (int second = 0; second < 7200; ++second) {
    rates.Mark(4, kStart + absl::Seconds(second));
  }
  const RateFigures figures = rates.Figures(kStart + absl::Hours(2));
  EXPECT_EQ(figures.count, 28800u);
  EXPECT_NEAR(figures.mean, 4, 1e-9);
  EXPECT_NEAR(figures.one_minute, 4, 0.01);
  EXPECT_NEAR(figures.five_minutes, 4, 0.01);
  EXPECT_NEAR(figures.fifteen_minutes, 4, 0.01);
}

TEST(EventRates, SilenceDecaysByTheWindow) {
  EventRates rates(kStart);
  for (int second = 0; second < 7200; ++second) rates.Mark(4, kStart + absl::Seconds(second));
  const RateFigures figures = rates.Figures(kStart + absl::Hours(2) + absl::Minutes(5));
  EXPECT_NEAR(figures.one_minute, 4 * std::exp(-5), 0.001);
  EXPECT_NEAR(figures.five_minutes, 4 * std::exp(-1), 0.01);
  EXPECT_NEAR(figures.fifteen_minutes, 4 * std::exp(-1.0 / 3), 0.01);
}

TEST(EventRates, AYearOfSilenceCostsNothing) {
  EventRates rates(kStart);
  rates.Mark(1000, kStart);
  EXPECT_EQ(rates.Figures(kStart + absl::Hours(24 * 365)).one_minute, 0);
}

TEST(EventRates, TimeThatGoesBackIsTheLatest) {
  EventRates rates(kStart);
  rates.Mark(1, kStart + absl::Seconds(20));
  rates.Mark(1, kStart + absl::Seconds(3));
  EXPECT_EQ(rates.Figures(kStart + absl::Seconds(25)).count, 2u);
}

TEST(EventRates, CountsFromManyThreads) {
  EventRates rates(kStart);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&rates] {
      for (int event = 0; event < 1000; ++event) rates.Mark(1, kStart + absl::Seconds(event));
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(rates.Figures(kStart + absl::Hours(1)).count, 4000u);
}

}  // namespace
}  // namespace tidegate::model
