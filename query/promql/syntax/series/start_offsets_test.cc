#include "query/promql/syntax/series/start_offsets.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"

namespace tidegate::promql {
namespace {

using Offsets = std::vector<std::optional<int64_t>>;

Offsets Parse(std::string_view text) {
  const auto offsets = ParseStartOffsets(text);
  EXPECT_TRUE(offsets.ok()) << offsets.status();
  return offsets.ok() ? *offsets : Offsets{};
}

TEST(StartOffsets, Durations) {
  EXPECT_EQ(Parse("0 1ms -1m 1h30m +5s"), (Offsets{0, 1, -60'000, 5'400'000, 5'000}));
}

TEST(StartOffsets, Gaps) {
  EXPECT_EQ(Parse("_ _x2 1s _x0"), (Offsets{std::nullopt, std::nullopt, std::nullopt, 1'000}));
}

TEST(StartOffsets, Repeated) { EXPECT_EQ(Parse("-1mx2"), (Offsets{-60'000, -60'000, -60'000})); }

TEST(StartOffsets, Steps) {
  EXPECT_EQ(Parse("-30s-1mx2"), (Offsets{-30'000, -90'000, -150'000}));
  EXPECT_EQ(Parse("1s+500msx1"), (Offsets{1'000, 1'500}));
}

TEST(StartOffsets, SpaceAroundWords) {
  EXPECT_EQ(Parse("  \t 1s   2s "), (Offsets{1'000, 2'000}));
  EXPECT_TRUE(Parse("").empty());
  EXPECT_TRUE(Parse("   ").empty());
}

TEST(StartOffsets, FaultsNameTheWord) {
  EXPECT_EQ(ParseStartOffsets("1s 5q").status().message(), "invalid start timestamp offset \"5q\"");
  for (const std::string_view text : {"x", "1sx", "1sx-1", "_x", "1s+", "1s+1s+1sx2", "stale", "1",
                                      "__", "-", "1sx18446744073709551615", "_x1000000"}) {
    EXPECT_FALSE(ParseStartOffsets(text).ok()) << text;
  }
}

TEST(StartOffsets, LargeSumsAreExact) {
  const Offsets offsets = Parse("0+292yx999999");
  ASSERT_EQ(offsets.size(), 1'000'000u);
  EXPECT_EQ(offsets.back(), int64_t{292} * 365 * 24 * 3'600'000 * 999'999);
}

}  // namespace
}  // namespace tidegate::promql
