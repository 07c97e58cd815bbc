#include "query/logql/metric/step_totals.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace tidegate::logql {
namespace {

std::string Text(const StepTotals& totals) {
  std::string text;
  for (const StepTotals::Total& one : totals.Totals()) {
    text += std::to_string(one.count) + ":" + std::to_string(one.sum) + " ";
  }
  return text;
}

TEST(StepTotals, WindowsAreOpenBelowAndClosedAbove) {
  StepTotals totals({100, 130, 10}, 10, 0);
  for (const int64_t time : {90, 91, 100, 101, 110, 130, 131}) totals.Add(time, 5);
  EXPECT_EQ(Text(totals), "2:10 2:10 0:0 1:5 ");
}

TEST(StepTotals, WindowsOverlapAndAreMoved) {
  StepTotals totals({100, 120, 10}, 25, 50);
  totals.Add(50, 1);
  totals.Add(26, 2);
  totals.Add(25, 4);
  totals.Add(71, 8);
  EXPECT_EQ(Text(totals), "2:3 1:1 1:1 ");
}

TEST(StepTotals, CenturiesDoNotOverflow) {
  constexpr int64_t kCenturies = 9'000'000'000'000'000'000;
  StepTotals totals({1'700'000'000'000'000'000, 1'700'000'000'000'000'020, 10}, kCenturies, 0);
  totals.Add(1'600'000'000'000'000'000, 1);
  EXPECT_EQ(Text(totals), "1:1 1:1 1:1 ");
  StepTotals moved({1'700'000'000'000'000'000, 1'700'000'000'000'000'020, 10}, 1, kCenturies);
  moved.Add(1'600'000'000'000'000'000, 1);
  EXPECT_EQ(Text(moved), "0:0 0:0 0:0 ");
}

TEST(StepTotals, AgreesWithCountingEachWindow) {
  std::minstd_rand random(7);
  for (int round = 0; round < 100; ++round) {
    const MetricGrid grid{1000, 1000 + static_cast<int64_t>(random() % 500),
                          1 + static_cast<int64_t>(random() % 60)};
    const int64_t range = 1 + static_cast<int64_t>(random() % 200);
    const int64_t offset = static_cast<int64_t>(random() % 100) - 50;
    StepTotals totals(grid, range, offset);
    std::vector<int64_t> times;
    for (int i = 0; i < 200; ++i) times.push_back(700 + static_cast<int64_t>(random() % 1000));
    for (const int64_t time : times) totals.Add(time, 1);
    const auto got = totals.Totals();
    for (size_t i = 0; i < grid.size(); ++i) {
      const int64_t last = grid.at(i) - offset;
      uint64_t want = 0;
      for (const int64_t time : times) want += time > last - range && time <= last;
      ASSERT_EQ(got[i].count, want) << i;
    }
  }
}

}  // namespace
}  // namespace tidegate::logql
