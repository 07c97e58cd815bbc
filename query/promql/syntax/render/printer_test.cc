#include "query/promql/syntax/render/printer.h"

#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include "query/promql/syntax/parser.h"

namespace tidegate::promql {
namespace {

// The canonical form, which must be stable.
std::string Printed(std::string_view query) {
  const auto expr = ParseExpr(query);
  EXPECT_TRUE(expr.ok()) << query << ": " << expr.status();
  if (!expr.ok()) return "";
  std::string text = ToString(**expr);
  const auto again = ParseExpr(text);
  EXPECT_TRUE(again.ok()) << text << ": " << again.status();
  if (again.ok()) {
    EXPECT_EQ(ToString(**again), text);
  }
  return text;
}

TEST(Printer, Literals) {
  EXPECT_EQ(Printed("0x10"), "16");
  EXPECT_EQ(Printed("1e3"), "1000");
  EXPECT_EQ(Printed("-  .5"), "-0.5");
  EXPECT_EQ(Printed("inf"), "+Inf");
  EXPECT_EQ(Printed("-inf"), "-Inf");
  EXPECT_EQ(Printed("NAN"), "NaN");
  EXPECT_EQ(Printed("90s"), "1m30s");
  EXPECT_EQ(Printed("-4s18ms"), "-4s18ms");
  EXPECT_EQ(Printed("0s"), "0s");
}

TEST(Printer, Strings) {
  EXPECT_EQ(Printed(R"('say "hi"\n')"), R"("say \"hi\"\n")");
  EXPECT_EQ(Printed(R"(`\d`)"), R"("\\d")");
  EXPECT_EQ(Printed(R"("\xff")"), R"("\xff")");
}

TEST(Printer, MatchersAreSortedAndQuoted) {
  EXPECT_EQ(Printed("up{b='2', a!='1', c=~'3',}"), R"(up{a!="1",b="2",c=~"3"})");
  EXPECT_EQ(Printed("up{}"), "up");
  EXPECT_EQ(Printed("{'two words', 'x.y'!~'z'}"), R"({"x.y"!~"z",__name__="two words"})");
  EXPECT_EQ(Printed("{__name__='a', x='1'}"), R"({__name__="a",x="1"})");
  EXPECT_EQ(Printed("info(a, {})"), "info(a, {})");
}

TEST(Printer, Modifiers) {
  EXPECT_EQ(Printed("a offset -90s @ 1.5"), "a @ 1.500 offset -1m30s");
  EXPECT_EQ(Printed("a offset 0s"), "a");
  EXPECT_EQ(Printed("a[1h30m] @ end() offset 1w"), "a[1h30m] @ end() offset 1w");
  EXPECT_EQ(Printed("a[300] offset 1m smoothed"), "a[5m] smoothed offset 1m");
  EXPECT_EQ(Printed("a @ 1 anchored offset 5"), "a @ 1.000 anchored offset 5s");
  EXPECT_EQ(Printed("a[5m:]"), "a[5m:]");
  EXPECT_EQ(Printed("a[5m:30] offset 1d @ start()"), "a[5m:30s] @ start() offset 1d");
}

TEST(Printer, RangesBelowOneMillisecondStayReadable) {
  EXPECT_EQ(Printed("a[0.0002]"), "a[0.0001]");
  EXPECT_EQ(Printed("a[5m:0.0002]"), "a[5m:]");
}

TEST(Printer, Durations) {
  EXPECT_EQ(Printed("a[5m+2*step( )]"), "a[5m + 2 * step()]");
  EXPECT_EQ(Printed("a[-(1m-2m)]"), "a[-(1m - 2m)]");
  EXPECT_EQ(Printed("a[((5))]"), "a[(5)]");
  EXPECT_EQ(Printed("a[+max_of(1,+range())]"), "a[max_of(1, range())]");
  EXPECT_EQ(Printed("a[2^-1]"), "a[2 ^ -1]");
  EXPECT_EQ(Printed("a[--1m]"), "a[1m]");
  EXPECT_EQ(Printed("a offset +step()"), "a offset step()");
  EXPECT_EQ(Printed("a offset -(step()*2)"), "a offset -(step() * 2)");
  EXPECT_EQ(Printed("a[range()/10:step()] offset (1m)"), "a[range() / 10:step()] offset (1m)");
}

TEST(Printer, Operators) {
  EXPECT_EQ(Printed("a AND b Or c"), "a and b or c");
  EXPECT_EQ(Printed("a</2>/1"), "a </ 2 >/ 1");
  EXPECT_EQ(Printed("-a^-b"), "-a ^ -b");
  EXPECT_EQ(Printed("1- -1"), "1 - -1");
  EXPECT_EQ(Printed("(((a)))"), "(((a)))");
  EXPECT_EQ(Printed("a ATAN2 +b"), "a atan2 +b");
}

TEST(Printer, Matching) {
  EXPECT_EQ(Printed("a==bool on(x,y)b"), "a == bool on (x, y) b");
  EXPECT_EQ(Printed("a+on()b"), "a + on () b");
  EXPECT_EQ(Printed("a+ignoring()b"), "a + b");
  EXPECT_EQ(Printed("a+ignoring()group_right b"), "a + ignoring () group_right () b");
  EXPECT_EQ(Printed("a+on(x)group_left('y z')b"), "a + on (x) group_left (\"y z\") b");
  EXPECT_EQ(Printed("a and ignoring(x) b"), "a and ignoring (x) b");
}

TEST(Printer, Fills) {
  EXPECT_EQ(Printed("a+fill(-1.50)b"), "a + fill (-1.5) b");
  EXPECT_EQ(Printed("a+fill_right(1)fill_left(2)b"), "a + fill_left (2) fill_right (1) b");
  EXPECT_EQ(Printed("a+fill_right(1)fill_left(1)b"), "a + fill (1) b");
  EXPECT_EQ(Printed("a+fill_left(NaN)b"), "a + fill_left (NaN) b");
  EXPECT_EQ(Printed("a+on(x)group_left fill(5m)b"), "a + on (x) group_left () fill (300) b");
}

TEST(Printer, Aggregations) {
  EXPECT_EQ(Printed("SUM(a)BY(x , y)"), "sum by (x, y) (a)");
  EXPECT_EQ(Printed("sum by () (a)"), "sum(a)");
  EXPECT_EQ(Printed("sum without () (a)"), "sum without () (a)");
  EXPECT_EQ(Printed("topk(2,a)"), "topk(2, a)");
  EXPECT_EQ(Printed("count_values without(x)('v',a)"), "count_values without (x) (\"v\", a)");
}

TEST(Printer, LabelsAreQuotedWhereTheyMustBe) {
  EXPECT_EQ(Printed("sum by ('x y', 'plain', 'a:b') (a)"), "sum by (\"x y\", plain, a:b) (a)");
  EXPECT_EQ(Printed("sum by ('inf', 'NaN', 'on') (a)"), "sum by (\"inf\", \"NaN\", on) (a)");
}

TEST(Printer, Calls) {
  EXPECT_EQ(Printed("time( )"), "time()");
  EXPECT_EQ(Printed("label_join(a,'x',',','y','z')"), R"(label_join(a, "x", ",", "y", "z"))");
  EXPECT_EQ(Printed("rate(a[5m])[1h:1m]"), "rate(a[5m])[1h:1m]");
}

TEST(Printer, KeywordsAsNames) {
  EXPECT_EQ(Printed("sum(sum)"), "sum(sum)");
  EXPECT_EQ(Printed("by+offset offset 5m"), "by + offset offset 5m");
  EXPECT_EQ(Printed("fill + fill_left"), "fill + fill_left");
}

TEST(PrintedTree, KnowsTheTextOfEveryNode) {
  const auto expr = ParseExpr("sum(a + 1) / rate(b[5m])");
  ASSERT_TRUE(expr.ok());
  const PrintedTree tree(**expr);
  const auto& ratio = As<BinaryExpr>(**expr);
  const auto& sum = As<AggregateExpr>(*ratio.lhs);
  EXPECT_EQ(tree.TextOf(ratio), "sum(a + 1) / rate(b[5m])");
  EXPECT_EQ(tree.TextOf(sum), "sum(a + 1)");
  EXPECT_EQ(tree.TextOf(*sum.expr), "a + 1");
  EXPECT_EQ(tree.TextOf(*As<BinaryExpr>(*sum.expr).rhs), "1");
  EXPECT_EQ(tree.TextOf(*As<Call>(*ratio.rhs).args[0]), "b[5m]");
}

TEST(PrinterParts, AreThoseOfTheWhole) {
  const auto sum = ParseExpr("sum by (x) (a)");
  const auto binary = ParseExpr("a == bool on (x) b");
  const auto subquery = ParseExpr("a[5m:] @ 1");
  ASSERT_TRUE(sum.ok() && binary.ok() && subquery.ok());
  EXPECT_EQ(AggregationHead(As<AggregateExpr>(**sum)), "sum by (x) ");
  EXPECT_EQ(OperatorWithModifiers(As<BinaryExpr>(**binary)), "== bool on (x)");
  EXPECT_EQ(SubquerySuffix(As<SubqueryExpr>(**subquery)), "[5m:] @ 1.000");
}

}  // namespace
}  // namespace tidegate::promql
