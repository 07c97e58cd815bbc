#include "query/vector/sort_runs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <utility>
#include <vector>

namespace tidegate::query {
namespace {

TEST(SortRuns, NothingAndSortedItemsStay) {
  std::vector<int> none;
  SortRuns(&none, std::less<>());
  EXPECT_TRUE(none.empty());
  std::vector<int> sorted = {1, 2, 2, 3};
  SortRuns(&sorted, std::less<>());
  EXPECT_EQ(sorted, (std::vector<int>{1, 2, 2, 3}));
}

TEST(SortRuns, AnySequenceIsSortedAndStable) {
  std::mt19937 dice(7);
  for (int round = 0; round < 300; ++round) {
    std::vector<std::pair<int, int>> items(dice() % 70);
    for (size_t i = 0; i < items.size(); ++i) {
      items[i] = {static_cast<int>(dice() % 20), static_cast<int>(i)};
    }
    // Some with long runs.
    if (round % 2 == 0) {
      for (size_t i = 0; i + 10 <= items.size(); i += 10) {
        std::sort(items.begin() + i, items.begin() + i + 10);
      }
    }
    auto expected = items;
    const auto less_fn = [](const auto& a, const auto& b) { return a.first < b.first; };
    std::stable_sort(expected.begin(), expected.end(), less_fn);
    SortRuns(&items, less_fn);
    EXPECT_EQ(items, expected);
  }
}

TEST(SortRuns, FewRunsTakeFewComparisons) {
  constexpr size_t kRuns = 16;
  constexpr size_t kItems = 16'000;
  std::vector<size_t> items(kItems);
  for (size_t i = 0; i < kItems; ++i) items[i] = (i % (kItems / kRuns)) * kRuns + i / 1000;
  size_t comparisons = 0;
  SortRuns(&items, [&comparisons](size_t a, size_t b) {
    ++comparisons;
    return a < b;
  });
  EXPECT_TRUE(std::is_sorted(items.begin(), items.end()));
  EXPECT_LE(comparisons, kItems * 5);  // One to find the runs, four to merge them.
}

}  // namespace
}  // namespace tidegate::query
