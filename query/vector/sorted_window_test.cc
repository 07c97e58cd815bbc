#include "query/vector/sorted_window.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace tidegate::query {
namespace {

std::vector<double> SortedCopy(const std::vector<double>& column, size_t begin, size_t end) {
  std::vector<double> values(column.begin() + static_cast<ptrdiff_t>(begin),
                             column.begin() + static_cast<ptrdiff_t>(end));
  std::sort(values.begin(), values.end(), [](double a, double b) {
    if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && !std::isnan(b);
    return a < b || (a == b && std::signbit(a) && !std::signbit(b));
  });
  return values;
}

void ExpectWindow(const SortedWindow& window, const std::vector<double>& expected) {
  ASSERT_EQ(window.size(), expected.size());
  for (size_t i = 0; i < expected.size(); ++i) {
    if (std::isnan(expected[i])) {
      ASSERT_TRUE(std::isnan(window[i])) << i;
    } else {
      ASSERT_EQ(std::bit_cast<uint64_t>(window[i]), std::bit_cast<uint64_t>(expected[i])) << i;
    }
  }
}

TEST(SortedWindow, SpecialValuesHaveTheirPlaces) {
  const double inf = std::numeric_limits<double>::infinity();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> column = {0.0, inf, -0.0, 1, nan, -inf, -1, 1e-310, -1e-310, -nan};
  SortedWindow window;
  window.MoveTo(column, 0, column.size());
  ExpectWindow(window, {nan, nan, -inf, -1, -1e-310, -0.0, 0.0, 1e-310, 1, inf});
}

TEST(SortedWindow, FollowsAWindowOfAnyPace) {
  std::mt19937_64 random(7);
  const double specials[] = {0.0, -0.0, std::numeric_limits<double>::infinity(),
                             -std::numeric_limits<double>::infinity(),
                             std::numeric_limits<double>::quiet_NaN()};
  SortedWindow window;
  for (int round = 0; round < 200; ++round) {
    std::vector<double> column(300);
    for (double& value : column) {
      // Few different values, so that equal ones come and go.
      value = random() % 10 == 0 ? specials[random() % 5] : static_cast<double>(random() % 20) - 10;
    }
    window.Clear();
    const size_t pace = 1 + random() % 30;
    size_t begin = 0, end = 0;
    while (end < column.size()) {
      end = std::min(column.size(), end + random() % (pace + 1));
      begin = std::min(end, begin + random() % (pace + 1) * (end > 40));
      window.MoveTo(column, begin, end);
      ExpectWindow(window, SortedCopy(column, begin, end));
    }
  }
}

}  // namespace
}  // namespace tidegate::query
