#include "api/json/number_text.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <random>

namespace tidegate::api {
namespace {

TEST(FloatText, Integers) {
  EXPECT_EQ(FloatText(0), "0");
  EXPECT_EQ(FloatText(-0.0), "-0");
  EXPECT_EQ(FloatText(1), "1");
  EXPECT_EQ(FloatText(-42), "-42");
  EXPECT_EQ(FloatText(9007199254740991), "9007199254740991");
  EXPECT_EQ(FloatText(9007199254740992), "9007199254740992");
}

TEST(FloatText, Fractions) {
  EXPECT_EQ(FloatText(0.1), "0.1");
  EXPECT_EQ(FloatText(-2.5), "-2.5");
  EXPECT_EQ(FloatText(1.0 / 3), "0.3333333333333333");
  EXPECT_EQ(FloatText(0.000001), "0.000001");
  EXPECT_EQ(FloatText(1435781451.781), "1435781451.781");
}

TEST(FloatText, LargeIntegersAreFilledWithZeros) {
  EXPECT_EQ(FloatText(1e20), "100000000000000000000");
  EXPECT_EQ(FloatText(1.2345678901234567e20), "123456789012345670000");
  EXPECT_EQ(FloatText(-1.8446744073709552e19), "-18446744073709552000");
  EXPECT_EQ(FloatText(9.999999999999999e20), "999999999999999900000");
}

TEST(FloatText, ExponentsBeyondThePlainRange) {
  EXPECT_EQ(FloatText(1e21), "1e+21");
  EXPECT_EQ(FloatText(1.5e300), "1.5e+300");
  EXPECT_EQ(FloatText(1e-7), "1e-7");
  EXPECT_EQ(FloatText(-9.5e-7), "-9.5e-7");
  EXPECT_EQ(FloatText(1e-10), "1e-10");
  EXPECT_EQ(FloatText(5e-324), "5e-324");
  EXPECT_EQ(FloatText(std::numeric_limits<double>::max()), "1.7976931348623157e+308");
}

TEST(FloatText, NotNumbers) {
  EXPECT_EQ(FloatText(std::nan("")), "NaN");
  EXPECT_EQ(FloatText(model::StaleNan()), "NaN");
  EXPECT_EQ(FloatText(std::numeric_limits<double>::infinity()), "+Inf");
  EXPECT_EQ(FloatText(-std::numeric_limits<double>::infinity()), "-Inf");
}

TEST(FloatText, EveryDoubleReadsBack) {
  std::mt19937_64 random(11);
  for (int i = 0; i < 200'000; ++i) {
    const double value = std::bit_cast<double>(random());
    if (!std::isfinite(value)) continue;
    const std::string text = FloatText(value);
    ASSERT_LT(text.size(), kMaxNumberText);
    ASSERT_EQ(std::strtod(text.c_str(), nullptr), value) << text;
  }
}

TEST(FloatText, EveryPlainDoubleReadsBack) {
  std::mt19937_64 random(12);
  std::uniform_real_distribution<double> exponent(-7, 22);
  for (int i = 0; i < 200'000; ++i) {
    const double value = std::pow(10, exponent(random));
    const std::string text = FloatText(value);
    ASSERT_LT(text.size(), kMaxNumberText);
    ASSERT_EQ(std::strtod(text.c_str(), nullptr), value) << text;
    ASSERT_EQ(text.find('e') == text.npos, value >= 1e-6 && value < 1e21) << text;
  }
}

TEST(TimestampText, SecondsWithThreeDecimalsOrNone) {
  EXPECT_EQ(TimestampText(0), "0");
  EXPECT_EQ(TimestampText(1), "0.001");
  EXPECT_EQ(TimestampText(20), "0.020");
  EXPECT_EQ(TimestampText(300), "0.300");
  EXPECT_EQ(TimestampText(1435781451781), "1435781451.781");
  EXPECT_EQ(TimestampText(1435781451000), "1435781451");
}

TEST(TimestampText, BeforeTheEpoch) {
  EXPECT_EQ(TimestampText(-1), "-0.001");
  EXPECT_EQ(TimestampText(-1500), "-1.500");
  EXPECT_EQ(TimestampText(std::numeric_limits<int64_t>::min()), "-9223372036854775.808");
  EXPECT_EQ(TimestampText(std::numeric_limits<int64_t>::max()), "9223372036854775.807");
}

TEST(FixedFloatText, NeverHasAnExponent) {
  EXPECT_EQ(FixedFloatText(1e-7), "0.0000001");
  EXPECT_EQ(FixedFloatText(-2.5e-9), "-0.0000000025");
  EXPECT_EQ(FixedFloatText(1e21), "1000000000000000000000");
  EXPECT_EQ(FixedFloatText(-1e23), "-100000000000000000000000");
  EXPECT_EQ(FixedFloatText(1.5), "1.5");
  EXPECT_EQ(FixedFloatText(0), "0");
  EXPECT_EQ(FixedFloatText(std::numeric_limits<double>::quiet_NaN()), "NaN");
  EXPECT_EQ(FixedFloatText(-std::numeric_limits<double>::infinity()), "-Inf");
  EXPECT_EQ(FixedFloatText(5e-324).size(), 326u);
  EXPECT_EQ(FixedFloatText(std::numeric_limits<double>::max()).size(), 309u);
}

}  // namespace
}  // namespace tidegate::api
