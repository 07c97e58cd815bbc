#include "query/promql/syntax/render/prettier.h"

#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include "query/promql/syntax/parser.h"
#include "query/promql/syntax/render/printer.h"

namespace tidegate::promql {
namespace {

// The layout, which must mean the same.
std::string Pretty(std::string_view query, size_t width) {
  const auto expr = ParseExpr(query);
  EXPECT_TRUE(expr.ok()) << expr.status();
  if (!expr.ok()) return "";
  std::string text = Prettify(**expr, width);
  const auto again = ParseExpr(text);
  EXPECT_TRUE(again.ok()) << text;
  if (again.ok()) {
    EXPECT_EQ(ToString(**again), ToString(**expr));
  }
  return text;
}

TEST(Prettier, WhatFitsStaysOnOneLine) {
  EXPECT_EQ(Pretty("sum(a)/sum(b)", 15), "sum(a) / sum(b)");
  EXPECT_EQ(Pretty("sum(a)/sum(b)", 14), "  sum(a)\n/\n  sum(b)");
}

TEST(Prettier, TheUsualWidthIsAHundred) {
  const std::string name(47, 'n');
  const auto fits = ParseExpr(name + " + " + name + "xyz");
  ASSERT_TRUE(fits.ok());
  EXPECT_EQ(ToString(**fits).size(), 100u);
  EXPECT_EQ(Prettify(**fits).find('\n'), std::string::npos);
  const auto breaks = ParseExpr(name + " + " + name + "wxyz");
  ASSERT_TRUE(breaks.ok());
  EXPECT_NE(Prettify(**breaks).find('\n'), std::string::npos);
}

TEST(Prettier, OperatorsStandBetweenTheirSides) {
  EXPECT_EQ(Pretty("aaaa * bbbb - cccc", 8), "    aaaa\n  *\n    bbbb\n-\n  cccc");
  EXPECT_EQ(Pretty("aaaa > bool on (x) bbbb", 5), "  aaaa\n> bool on (x)\n  bbbb");
}

TEST(Prettier, Aggregations) {
  EXPECT_EQ(Pretty("sum by (x) (aaaaaa)", 10), "sum by (x) (\n  aaaaaa\n)");
  EXPECT_EQ(Pretty("topk(2, aaaaaa)", 10), "topk(\n  2,\n  aaaaaa\n)");
}

TEST(Prettier, Calls) {
  EXPECT_EQ(Pretty("clamp(aaaa, 1, 2)", 10), "clamp(\n  aaaa,\n  1,\n  2\n)");
  EXPECT_EQ(Pretty("time()", 1), "time()");
  EXPECT_EQ(Pretty("ceil(abs(aaaa))", 10), "ceil(\n  abs(aaaa)\n)");
}

TEST(Prettier, Parentheses) {
  EXPECT_EQ(Pretty("(aaaa + bbbb)", 11), "(\n  aaaa + bbbb\n)");
  EXPECT_EQ(Pretty("((aaaa))", 6), "(\n  (aaaa)\n)");
}

TEST(Prettier, AtomsAreNeverBroken) {
  EXPECT_EQ(Pretty("a{x='1',y='2'}[5m] offset 1m", 5), R"(a{x="1",y="2"}[5m] offset 1m)");
  EXPECT_EQ(Pretty("'a long string'", 5), "\"a long string\"");
  EXPECT_EQ(Pretty("123456789", 5), "123456789");
}

TEST(Prettier, Signs) {
  EXPECT_EQ(Pretty("-abs(aaaaaa)", 8), "-abs(\n  aaaaaa\n)");
  EXPECT_EQ(Pretty("ceil(-abs(aaaaaa))", 8), "ceil(\n  -abs(\n    aaaaaa\n  )\n)");
  EXPECT_EQ(Pretty("--(aaaaaaa)", 8), "--(\n  aaaaaaa\n)");
}

TEST(Prettier, Subqueries) {
  EXPECT_EQ(Pretty("max_over_time(abs(aaaa)[5m:1m])", 10), "max_over_time(\n  abs(aaaa)[5m:1m]\n)");
  // As in Prometheus, one that fits is not indented.
  EXPECT_EQ(Pretty("max_over_time(a[5m:1m])", 10), "max_over_time(\na[5m:1m]\n)");
}

}  // namespace
}  // namespace tidegate::promql
