#include "query/promql/syntax/lex/number_text.h"

#include <cmath>
#include <limits>
#include <string>
#include <string_view>

#include "gtest/gtest.h"

namespace tidegate::promql {
namespace {

std::string FaultOf(std::string_view text) {
  const auto value = ParseNumber(text);
  return value.ok() ? "" : std::string(value.status().message());
}

TEST(ParseNumber, Decimals) {
  EXPECT_EQ(*ParseNumber("0"), 0);
  EXPECT_EQ(*ParseNumber("42"), 42);
  EXPECT_EQ(*ParseNumber(".5"), 0.5);
  EXPECT_EQ(*ParseNumber("5."), 5);
  EXPECT_EQ(*ParseNumber("1.e2"), 100);
  EXPECT_EQ(*ParseNumber("1E-3"), 0.001);
  EXPECT_EQ(*ParseNumber("18446744073709551616"), 18446744073709551616.0);
}

TEST(ParseNumber, OtherBases) {
  EXPECT_EQ(*ParseNumber("0xfF"), 255);
  EXPECT_EQ(*ParseNumber("0X10"), 16);
  EXPECT_EQ(*ParseNumber("010"), 8);
  EXPECT_EQ(*ParseNumber("08"), 8);  // no octal number
  EXPECT_EQ(*ParseNumber("01.5"), 1.5);
}

TEST(ParseNumber, Separators) {
  EXPECT_EQ(*ParseNumber("1_000_000"), 1e6);
  EXPECT_EQ(*ParseNumber("0x_1_0"), 16);
  EXPECT_EQ(*ParseNumber("1_0.2_5e1_0"), 10.25e10);
  EXPECT_EQ(FaultOf("1_"), "strconv.ParseFloat: parsing \"1_\": invalid syntax");
  EXPECT_EQ(FaultOf("0x1_"), "strconv.ParseFloat: parsing \"0x1_\": invalid syntax");
}

TEST(ParseNumber, WordsInAnyCase) {
  EXPECT_TRUE(std::isinf(*ParseNumber("iNf")));
  EXPECT_TRUE(std::isnan(*ParseNumber("NaN")));
}

TEST(ParseNumber, Limits) {
  EXPECT_EQ(*ParseNumber("1e-400"), 0);
  EXPECT_EQ(*ParseNumber("5e-324"), std::numeric_limits<double>::denorm_min());
  EXPECT_EQ(FaultOf("1e400"), "strconv.ParseFloat: parsing \"1e400\": value out of range");
  EXPECT_EQ(FaultOf("0x8000000000000000"),
            "strconv.ParseFloat: parsing \"0x8000000000000000\": invalid syntax");
}

TEST(ParseNumber, Malformed) {
  for (const std::string_view text : {"", ".", "1e", "1.2.3", "0x", "0x1e+5", "abc", "1 "}) {
    EXPECT_FALSE(ParseNumber(text).ok()) << text;
  }
}

TEST(ParseCount, OnlyDigits) {
  EXPECT_EQ(*ParseCount("0"), 0u);
  EXPECT_EQ(*ParseCount("18446744073709551615"), 18446744073709551615u);
  EXPECT_EQ(ParseCount("1.5").status().message(),
            "strconv.ParseUint: parsing \"1.5\": invalid syntax");
  EXPECT_EQ(ParseCount("").status().message(), "strconv.ParseUint: parsing \"\": invalid syntax");
  EXPECT_EQ(ParseCount("18446744073709551616").status().message(),
            "strconv.ParseUint: parsing \"18446744073709551616\": value out of range");
  EXPECT_FALSE(ParseCount("-1").ok());
  EXPECT_FALSE(ParseCount("1_0").ok());
}

TEST(FormatNumber, WithoutExponent) {
  EXPECT_EQ(FormatNumber(0), "0");
  EXPECT_EQ(FormatNumber(-0.0), "-0");
  EXPECT_EQ(FormatNumber(1048576), "1048576");
  EXPECT_EQ(FormatNumber(-12.5), "-12.5");
  EXPECT_EQ(FormatNumber(0.1), "0.1");
  EXPECT_EQ(FormatNumber(1e-7), "0.0000001");
  EXPECT_EQ(FormatNumber(1.25e-5), "0.0000125");
}

TEST(FormatNumber, LargeNumbersAreFilledUpWithZeros) {
  EXPECT_EQ(FormatNumber(1e23), "100000000000000000000000");
  EXPECT_EQ(FormatNumber(123456789012345680.0), "123456789012345680");
}

TEST(FormatNumber, NotFinite) {
  EXPECT_EQ(FormatNumber(std::numeric_limits<double>::infinity()), "+Inf");
  EXPECT_EQ(FormatNumber(-std::numeric_limits<double>::infinity()), "-Inf");
  EXPECT_EQ(FormatNumber(std::nan("")), "NaN");
}

TEST(FormatNumber, ReadsBackTheSame) {
  for (const double value : {1.0 / 3, 2e-308, 1.7976931348623157e308, 9007199254740993.0, 5e-324}) {
    EXPECT_EQ(*ParseNumber(FormatNumber(value)), value);
  }
}

}  // namespace
}  // namespace tidegate::promql
