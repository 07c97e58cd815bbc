#include "query/logql/syntax/prettier.h"

#include <gtest/gtest.h>

#include "query/logql/syntax/parser.h"
#include "query/logql/syntax/printer.h"

namespace tidegate::logql {
namespace {

std::string Pretty(const std::string& query, size_t width) {
  const auto expr = ParseExpr(query);
  return expr.ok() ? Prettify(*expr, width) : std::string(expr.status().message());
}

std::string Line(const std::string& query) {
  const auto expr = ParseExpr(query);
  return expr.ok() ? ToString(*expr) : query + ": " + std::string(expr.status().message());
}

TEST(ToString, ReadsBackAsTheSameTree) {
  for (
      const char* query : {
          R"({a="b", c=~"d\n"} |= "x" or ip("::1") !~ `y` | json | json a="b[0]",c="c")",
          R"q({a="b"} | logfmt --strict --keep-empty a="a" | regexp "(?P<x>.)" | pattern "<x> <_>")q",
          R"({a="b"} | unpack | ( a>1.5 , ( b<=-1m30s or c=ip("10.0.0.0/8") ) ) | d==42kB)",
          R"({a="b"} | line_format "{{.a}}" | label_format a=b,c="{{.d}}" | decolorize)",
          R"({a="b"} | drop a,b=~"c" | keep __error__,b!="c")",
          R"(quantile_over_time(0.99,{a="b"} | logfmt | unwrap duration(d) | __error__=""[5m] offset -1h) by (a,b))",
          R"(topk without (a)(5,rate({a="b"}[1w])))",
          R"((sum by ()(rate({a="b"}[5m])) > bool on (a, b) group_left (c) sum(rate({a="b"}[5m]))))",
          R"q(label_replace(vector(1.000000),"a","$1","b","(.*)"))q",
          "vector(1e-09)",
          "1e+06",
      }) {
    const std::string line = Line(query);
    EXPECT_EQ(Line(line), line);
  }
  EXPECT_EQ(Line("sum(count_over_time({a=\"b\"}|logfmt[60m]))by(c)"),
            "sum by (c)(count_over_time({a=\"b\"} | logfmt[1h]))");
}

TEST(Prettify, LeavesWhatFits) {
  EXPECT_EQ(Pretty(R"({a="b"}|="c")", 100), R"({a="b"} |= "c")");
  EXPECT_EQ(Pretty(R"(rate({a="b"}[5m])/rate({c="d"}[5m]))", 100),
            R"((rate({a="b"}[5m]) / rate({c="d"}[5m])))");
}

TEST(Prettify, LineFiltersShareALineAsLongAsTheyFit) {
  EXPECT_EQ(Pretty(R"({a="b"} |= "c" != "d" |= "elephant" | json)", 15),
            "{a=\"b\"}\n  |= \"c\" != \"d\"\n  |= \"elephant\"\n  | json");
}

TEST(Prettify, StagesBehindUnwrapHaveTheirLines) {
  EXPECT_EQ(Pretty(R"(max_over_time({a="b"} | json | unwrap d | x="y" [5m]) by (c))", 20),
            "max_over_time(\n  {a=\"b\"} | json\n    | unwrap d\n    | x=\"y\" [5m]\n) by (c)");
}

TEST(Prettify, KeepsParenthesesThatMatter) {
  EXPECT_EQ(Pretty("(rate({a=\"b\"}[5m]) + 1) * 2", 10),
            "  (\n      rate(\n        {a=\"b\"} [5m]\n      )\n    +\n      1\n  )\n*\n  2");
  for (const char* query : {"1 - (vector(2) - 3)", "(vector(2) ^ 3) ^ 4", "2 ^ (vector(2) ^ 3)",
                            "vector(1) - 2 - 3", "(vector(1) or vector(2)) and vector(3)"}) {
    EXPECT_EQ(Line(Pretty(query, 5)), Line(query)) << Pretty(query, 5);
  }
}

}  // namespace
}  // namespace tidegate::logql
