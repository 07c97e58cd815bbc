#include "model/exposition/exposition_number.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <string_view>

#include "model/sample.h"

namespace tidegate::model {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(ExpositionFloatTest, TakesWhatGoWrites) {
  EXPECT_EQ(ParseExpositionFloat("0"), 0);
  EXPECT_EQ(ParseExpositionFloat("123456789012345"), 123456789012345.0);
  EXPECT_EQ(ParseExpositionFloat("1234567890123456789"), 1234567890123456789.0);
  EXPECT_EQ(ParseExpositionFloat("-1.5e-9"), -1.5e-9);
  EXPECT_EQ(ParseExpositionFloat("+2E3"), 2000);
  EXPECT_EQ(ParseExpositionFloat(".5"), 0.5);
  EXPECT_EQ(ParseExpositionFloat("5."), 5);
  for (std::string_view infinity : {"Inf", "+Inf", "inf", "Infinity", "+INF"}) {
    EXPECT_EQ(ParseExpositionFloat(infinity), kInfinity) << infinity;
  }
  EXPECT_EQ(ParseExpositionFloat("-Inf"), -kInfinity);
  EXPECT_EQ(ParseExpositionFloat("1e-400"), 0);
}

TEST(ExpositionFloatTest, EveryNanIsTheOrdinaryOne) {
  for (std::string_view nan : {"NaN", "nan", "-NaN", "+nan"}) {
    const auto value = ParseExpositionFloat(nan);
    ASSERT_TRUE(value.has_value()) << nan;
    EXPECT_EQ(std::bit_cast<uint64_t>(*value), kNormalNanBits) << nan;
  }
}

TEST(ExpositionFloatTest, RefusesTheRest) {
  for (std::string_view wrong : {"", "-", "+-1", "--1", "1e", "0x1p3", "1_000", "1,5", "nan(1)",
                                 "1e400", "one", "1 ", " 1"}) {
    EXPECT_FALSE(ParseExpositionFloat(wrong).has_value()) << wrong;
  }
}

TEST(ExpositionIntegerTest, IsDecimalWithASign) {
  EXPECT_EQ(ParseExpositionInteger("1700000000000"), 1700000000000);
  EXPECT_EQ(ParseExpositionInteger("-5"), -5);
  EXPECT_EQ(ParseExpositionInteger("+5"), 5);
  for (std::string_view wrong : {"", "+", "+-5", "1.5", "9223372036854775808", "0x1"}) {
    EXPECT_FALSE(ParseExpositionInteger(wrong).has_value()) << wrong;
  }
}

}  // namespace
}  // namespace tidegate::model
