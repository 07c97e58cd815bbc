#include "query/vector/go_float.h"

#include <cmath>
#include <limits>

#include "gtest/gtest.h"

namespace tidegate::query {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

TEST(GoFloat, FormatG) {
  EXPECT_EQ(FormatG(0), "0");
  EXPECT_EQ(FormatG(-0.5), "-0.5");
  EXPECT_EQ(FormatG(100000), "100000");
  EXPECT_EQ(FormatG(0.0001), "0.0001");
  EXPECT_EQ(FormatG(0.00001), "1e-05");
  EXPECT_EQ(FormatG(NAN), "NaN");
  EXPECT_EQ(FormatG(kInf), "+Inf");
  EXPECT_EQ(FormatG(-kInf), "-Inf");
}

TEST(GoFloat, OpenMetricsNumbersAreFloats) {
  EXPECT_EQ(FormatOpenMetricsFloat(1), "1.0");
  EXPECT_EQ(FormatOpenMetricsFloat(0.5), "0.5");
  EXPECT_EQ(FormatOpenMetricsFloat(kInf), "+Inf");
}

TEST(GoFloat, ParsesWhatGoParses) {
  EXPECT_EQ(ParseFloat("0.5"), 0.5);
  EXPECT_EQ(ParseFloat("+Inf"), kInf);
  EXPECT_EQ(ParseFloat("-inf"), -kInf);
  EXPECT_EQ(ParseFloat("0x1p-1"), 0.5);
  EXPECT_TRUE(std::isnan(*ParseFloat("NaN")));
  EXPECT_EQ(ParseFloat(""), std::nullopt);
  EXPECT_EQ(ParseFloat("one"), std::nullopt);
  EXPECT_EQ(ParseFloat("1 "), std::nullopt);
}

TEST(GoFloat, ExtremesWithNan) {
  EXPECT_TRUE(std::isnan(GoMax(NAN, 1)));
  EXPECT_EQ(GoMax(NAN, kInf), kInf);
  EXPECT_EQ(GoMin(-kInf, NAN), -kInf);
  EXPECT_FALSE(std::signbit(GoMax(-0.0, 0.0)));
  EXPECT_TRUE(std::signbit(GoMin(0.0, -0.0)));
}

TEST(GoFloat, Mod) {
  EXPECT_EQ(GoMod(-7, 4), -3);
  EXPECT_EQ(GoMod(7, -4), 3);
  EXPECT_TRUE(std::isnan(GoMod(1, 0)));
  EXPECT_EQ(GoMod(1, kInf), 1);
}

}  // namespace
}  // namespace tidegate::query
