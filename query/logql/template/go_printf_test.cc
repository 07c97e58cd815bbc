#include "query/logql/template/go_printf.h"

#include <vector>

#include "gtest/gtest.h"

namespace tidegate::logql {
namespace {

std::string Printf(std::string_view format, const std::vector<Value>& arguments) {
  return GoPrintf(format, arguments, 1000);
}

Value S(const char* text) { return std::string(text); }
Value I(int64_t number) { return number; }

TEST(GoPrintf, Texts) {
  EXPECT_EQ(Printf("%s|%v|%q|%x|%X", {S("a"), S("b"), S("c\n"), S("hi"), S("\xff")}),
            "a|b|\"c\\n\"|6869|FF");
  EXPECT_EQ(Printf("%5s|%-5s|%.2s|%5.1s|", {S("ab"), S("ab"), S("\xC3\xBC\xC3\xBCx"), S("xyz")}),
            "   ab|ab   |\xC3\xBC\xC3\xBC|    x|");
}

TEST(GoPrintf, Numbers) {
  EXPECT_EQ(Printf("%d %5d %-5d| %05d %+d % d", {I(-1), I(42), I(42), I(-42), I(7), I(7)}),
            "-1    42 42   | -0042 +7  7");
  EXPECT_EQ(Printf("%x %#X %b %o %c %U %.3d", {I(255), I(255), I(5), I(8), I(0x4E16), I(65), I(7)}),
            "ff 0XFF 101 10 \xE4\xB8\x96 U+0041 007");
  EXPECT_EQ(Printf("%f %.2f %8.3f %e %g %v", {1.5, 2.345, -3.14159, 12345.678, 1e21, 1e6}),
            "1.500000 2.35   -3.142 1.234568e+04 1e+21 1e+06");
  EXPECT_EQ(Printf("%t %v %T %T", {true, Value(), I(1), S("")}), "true <nil> int string");
  EXPECT_EQ(Printf("%*d|%-*d|", {I(4), I(1), I(3), I(2)}), "   1|2  |");
}

TEST(GoPrintf, WhatDoesNotFit) {
  EXPECT_EQ(Printf("100%% %d", {}), "100% %!d(MISSING)");
  EXPECT_EQ(Printf("%d", {S("x")}), "%!d(string=x)");
  EXPECT_EQ(Printf("%s", {I(1)}), "%!s(int=1)");
  EXPECT_EQ(Printf("a", {I(1), S("b")}), "a%!(EXTRA int=1, string=b)");
  EXPECT_EQ(Printf("%", {}), "%!(NOVERB)");
  EXPECT_EQ(Printf("%z", {I(1)}), "%!z(int=1)");
}

TEST(GoPrintf, WidthsAreBounded) {
  EXPECT_EQ(GoPrintf("%99999999999d", std::vector<Value>{I(1)}, 10).size(), 10U);
  EXPECT_LE(GoPrintf("%9d%9d%9d%9d", std::vector<Value>(4, I(1)), 10).size(), 20U);
}

}  // namespace
}  // namespace tidegate::logql
