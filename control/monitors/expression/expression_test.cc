#include "control/monitors/expression/expression.h"

#include <gtest/gtest.h>

#include <string>

namespace tidegate::control {
namespace {

// The form that is printed, or the error.
std::string Parsed(const std::string& text) {
  const auto expression = ParseExpression(text);
  if (!expression.ok()) return std::string(expression.status().message());
  const std::string printed = FormatExpression(*expression);
  const auto again = ParseExpression(printed);
  EXPECT_TRUE(again.ok() && *again == *expression) << printed;
  return printed;
}

bool One(const std::string& text) {
  const auto expression = ParseExpression(text);
  EXPECT_TRUE(expression.ok()) << expression.status();
  return expression.ok() && GivesOneSeries(*expression);
}

TEST(ExpressionTest, TheSeedsExample) {
  EXPECT_EQ(Parsed(R"x(avg(roleSlots("service:role","loadavg5")))x"),
            R"x(avg(roleSlots("service:role", "loadavg5")))x");
}

TEST(ExpressionTest, WordsNeedNoQuotes) {
  EXPECT_EQ(Parsed("host(22CXRB3pZmu, memory.*)"), R"x(host("22CXRB3pZmu", "memory.*"))x");
  EXPECT_EQ(Parsed("max(role( Blog: db ,'loadavg5' ))"), R"x(max(role("Blog:db", "loadavg5")))x");
  EXPECT_EQ(Parsed(R"x(alias(service(Blog, foo.bar), 'it\'s (a, b)'))x"),
            R"x(alias(service("Blog", "foo.bar"), "it's (a, b)"))x");
}

TEST(ExpressionTest, EveryFunction) {
  for (const char* text :
       {"min(host(a, b))", "sum(host(a, b))", "stddev(host(a, b))", "product(host(a, b))",
        "percentile(host(a, b), 99.9)", "diff(host(a, b), host(a, c))",
        "divide(host(a, b), service(a, c))", "scale(host(a, b), 1/86400)",
        "offset(host(a, b), -10.0)", "timeShift(host(a, b), 1w)", "movingAverage(host(a, b), 5m)",
        "linearRegression(host(a, b), 7d)", "timeLeftForecast(host(a, b), 1mo, 10)",
        "group(host(a, b), host(a, c), host(a, d))", "stack(host(a, b))", "timeShift(host(a,b),1y)",
        "alias(avg(role(a:b, c)), 'x')"}) {
    const auto expression = ParseExpression(text);
    EXPECT_TRUE(expression.ok()) << text << ": " << expression.status();
  }
  EXPECT_EQ(ParseExpression("scale(host(a, b), 1/4)")->factor, 0.25);
  EXPECT_EQ(ParseExpression("timeShift(host(a, b), 2h)")->duration, absl::Hours(2));
}

TEST(ExpressionTest, MistakesAreNamedWithTheirPlace) {
  EXPECT_EQ(Parsed(""), "there is no function \"\" (character 1)");
  EXPECT_EQ(Parsed("median(host(a, b))"), "there is no function \"median\" (character 7)");
  EXPECT_EQ(Parsed("host(a)"), "host takes 2 arguments (character 7)");
  EXPECT_EQ(Parsed("host(a, b, c)"), "\")\" expected behind the arguments of host (character 10)");
  EXPECT_EQ(Parsed("avg(host(a, b)) x"), "there is more behind the expression (character 17)");
  EXPECT_EQ(Parsed("scale(host(a, b), x)"), "\"x\" is not a number (character 20)");
  EXPECT_EQ(Parsed("scale(host(a, b), 1/0)"), "\"1/0\" is not a number (character 22)");
  EXPECT_EQ(Parsed("percentile(host(a, b), 100)"),
            "a percentage must be between 0 and 100 (character 27)");
  EXPECT_EQ(Parsed("timeShift(host(a, b), 5s)"),
            "\"5s\" is not a duration such as 5m, 1h, 1d, 1w, 1mo, 1y (character 25)");
  EXPECT_EQ(Parsed("role(a, b)"), "a role is SERVICE:ROLE (character 7)");
  EXPECT_EQ(Parsed("host('a, b)"), "a quote is not closed (character 12)");
  EXPECT_EQ(Parsed("host(, b)"), "an argument is empty (character 6)");
  EXPECT_FALSE(ParseExpression("timeShift(timeShift(host(a,b),1y),1y)").ok());
  std::string deep = "host(a,b)";
  for (int i = 0; i < 40; ++i) deep = "stack(" + deep + ")";
  EXPECT_FALSE(ParseExpression(deep).ok());
  EXPECT_FALSE(ParseExpression(std::string(kMaxExpressionBytes + 1, ' ')).ok());
  EXPECT_FALSE(ParseExpression("host(a, \xff)").ok());
}

TEST(ExpressionTest, KnowsWhatGivesOneSeries) {
  EXPECT_TRUE(One("avg(roleSlots(a:b, c))"));
  EXPECT_TRUE(One("host(a, b)"));
  EXPECT_TRUE(One("scale(service(a, b), 2)"));
  EXPECT_TRUE(One("diff(sum(role(a:b, c)), host(a, b))"));
  EXPECT_TRUE(One("group(host(a, b))"));
  EXPECT_FALSE(One("host(a, b.*)"));
  EXPECT_FALSE(One("role(a:b, c)"));
  EXPECT_FALSE(One("roleSlots(a:b, c)"));
  EXPECT_FALSE(One("group(host(a, b), host(a, c))"));
  EXPECT_FALSE(One("alias(timeShift(role(a:b, c), 1d), 'x')"));
}

TEST(ExpressionTest, ReachesAddUp) {
  EXPECT_EQ(ReachOf(*ParseExpression("diff(host(a,b), timeShift(movingAverage(host(a,b),5m),1h))")),
            absl::Minutes(65));
}

}  // namespace
}  // namespace tidegate::control
