#include "query/promql/value/range_series.h"

#include <optional>
#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace tidegate::promql {
namespace {

using model::TimestampMs;

// Compares with a search for every window by itself.
void ExpectRight(const std::vector<TimestampMs>& times, const RangeWindows& windows) {
  const WindowIndex index = IndexWindows(times, windows);
  ASSERT_EQ(index.begin.size(), windows.grid.size());
  for (size_t step = 0; step < windows.grid.size(); ++step) {
    uint32_t begin = 0;
    uint32_t end = 0;
    for (const TimestampMs time : times) {
      begin += time <= windows.start(step) - windows.reach_before_ms ? 1 : 0;
      end += time <= windows.end(step) + windows.reach_after_ms ? 1 : 0;
    }
    EXPECT_EQ(index.begin[step], begin) << step;
    EXPECT_EQ(index.end[step], end) << step;
  }
}

RangeWindows Windows(int64_t range_ms, int64_t offset_ms = 0) {
  return {.grid = {.start = -50, .end = 400, .step = 7},
          .range_ms = range_ms,
          .offset_ms = offset_ms,
          .at = std::nullopt};
}

TEST(IndexWindows, RegularTimes) {
  std::vector<TimestampMs> times;
  for (TimestampMs t = -13; t < 300; t += 10) times.push_back(t);
  ExpectRight(times, Windows(30));
  ExpectRight(times, Windows(1, 5));
  ExpectRight(times, Windows(1000, -200));
}

TEST(IndexWindows, IrregularTimes) {
  std::mt19937_64 random(7);
  std::vector<TimestampMs> times;
  for (TimestampMs t = -80; t < 500; t += 1 + static_cast<int64_t>(random() % 20)) {
    times.push_back(t);
  }
  ExpectRight(times, Windows(30));
  ExpectRight(times, Windows(3, 11));
}

TEST(IndexWindows, FewTimes) {
  ExpectRight({}, Windows(30));
  ExpectRight({100}, Windows(30));
  ExpectRight({100, 110}, Windows(30));
}

TEST(IndexWindows, FixedTimeAndReach) {
  RangeWindows windows = Windows(30);
  windows.at = 77;
  ExpectRight({10, 50, 60, 90}, windows);
  windows.reach_before_ms = 20;
  windows.reach_after_ms = 20;
  ExpectRight({10, 40, 60, 90, 200}, windows);
}

TEST(WindowIndexCache, KnowsColumnsByContentAndPlace) {
  const std::vector<TimestampMs> a{0, 10, 20};
  const std::vector<TimestampMs> same_as_a = a;
  const std::vector<TimestampMs> b{5, 15, 26};
  WindowIndexCache cache(Windows(30));
  const WindowIndex& of_a = cache.Get(a);
  EXPECT_EQ(&cache.Get(same_as_a), &of_a);
  EXPECT_EQ(cache.Get(b).end, IndexWindows(b, Windows(30)).end);
  EXPECT_EQ(&cache.Get(a), &of_a);
}

}  // namespace
}  // namespace tidegate::promql
