#include "query/vector/window_sums.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace tidegate::query {
namespace {

// Compares with one addition after the other, bit for bit.
void ExpectExact(const std::vector<double>& values, const std::vector<uint32_t>& begin,
                 const std::vector<uint32_t>& end) {
  std::vector<KahanSum> sums;
  SumWindows(values, begin, end, &sums);
  ASSERT_EQ(sums.size(), begin.size());
  for (size_t i = 0; i < begin.size(); ++i) {
    KahanSum expected;
    for (uint32_t k = begin[i]; k < end[i]; ++k) expected.Add(values[k]);
    if (!std::isfinite(expected.sum)) {
      EXPECT_FALSE(std::isfinite(sums[i].sum)) << i;
      continue;
    }
    EXPECT_EQ(std::bit_cast<uint64_t>(sums[i].sum), std::bit_cast<uint64_t>(expected.sum)) << i;
    EXPECT_EQ(std::bit_cast<uint64_t>(sums[i].compensation),
              std::bit_cast<uint64_t>(expected.compensation))
        << i;
  }
}

TEST(WindowSums, EmptyWindowsAreZero) { ExpectExact({}, {0, 0, 0, 0, 0}, {0, 0, 0, 0, 0}); }

TEST(WindowSums, WindowsOfAllSizes) {
  std::mt19937_64 random(1);
  std::vector<double> values;
  for (int i = 0; i < 200; ++i) {
    const double digits = std::uniform_real_distribution<double>(-1, 1)(random);
    values.push_back(std::ldexp(digits, static_cast<int>(random() % 120) - 60));
  }
  std::vector<uint32_t> begin;
  std::vector<uint32_t> end;
  for (int i = 0; i < 403; ++i) {
    begin.push_back(static_cast<uint32_t>(random() % 150));
    end.push_back(begin.back() + static_cast<uint32_t>(random() % 50));
  }
  ExpectExact(values, begin, end);
}

TEST(WindowSums, NegativeZerosAndInfinities) {
  const double inf = INFINITY;
  ExpectExact({-0.0, -0.0, 1, -1, inf, 1, -inf, NAN}, {0, 0, 2, 3, 4, 0, 5, 6},
              {1, 2, 4, 5, 7, 8, 7, 8});
}

}  // namespace
}  // namespace tidegate::query
