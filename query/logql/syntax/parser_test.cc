#include "query/logql/syntax/parser.h"

#include <gtest/gtest.h>

#include <string>

namespace tidegate::logql {
namespace {

constexpr int64_t kSecondNs = 1'000'000'000;

std::string ErrorOf(const std::string& query) {
  const auto expr = ParseExpr(query);
  return expr.ok() ? "" : std::string(expr.status().message());
}

Expr Parsed(const std::string& query) {
  auto expr = ParseExpr(query);
  EXPECT_TRUE(expr.ok()) << query << ": " << expr.status();
  return expr.ok() ? *std::move(expr) : Expr(LogExpr());
}

template <typename Node>
const Node& NodeOf(const Expr& expr) {
  return std::get<Node>(std::get<SampleExprPtr>(expr)->node);
}

TEST(ParseExpr, ReadsASelectorAndStagesInOrder) {
  const Expr expr = Parsed(R"({app="a", env!="b"} |= "x" or "y" | json | status >= 500 | drop p)");
  const auto& log = std::get<LogExpr>(expr);
  ASSERT_EQ(log.matchers.size(), 2U);
  EXPECT_EQ(log.matchers[1].type, model::MatchType::kNotEqual);
  ASSERT_EQ(log.stages.size(), 4U);
  EXPECT_EQ(std::get<LineFilter>(log.stages[0]).alternatives[1].text, "y");
  const auto& filter = std::get<LabelFilterPtr>(log.stages[2]);
  const auto& comparison = std::get<LabelComparison>(filter->test);
  EXPECT_EQ(comparison.op, CompareOp::kGreaterEqual);
  EXPECT_EQ(comparison.value, 500);
}

TEST(ParseExpr, LabelFiltersGiveUnitsTheirSize) {
  const Expr expr = Parsed(R"({a="b"} | d > 1h2m and s < 2KiB)");
  const auto& pair =
      std::get<LabelFilterPair>(std::get<LabelFilterPtr>(std::get<LogExpr>(expr).stages[0])->test);
  EXPECT_FALSE(pair.is_or);
  EXPECT_EQ(std::get<LabelComparison>(pair.left->test).value, 3720.0 * kSecondNs);
  EXPECT_EQ(std::get<LabelComparison>(pair.right->test).value, 2048);
}

TEST(ParseExpr, ADurationStandsBeforeOrBehindStages) {
  for (const char* query :
       {R"(rate({a="b"}[5m] offset 1m |= "x"))", R"(rate({a="b"} |= "x" [5m] offset 1m))",
        R"(rate(({a="b"} |= "x")[5m] offset 1m))", R"(rate((({a="b"} |= "x")[5m] offset 1m)))"}) {
    const Expr expr = Parsed(query);
    const auto& aggregation = NodeOf<RangeAggregation>(expr);
    EXPECT_EQ(aggregation.range.range_ns, 300 * kSecondNs) << query;
    EXPECT_EQ(aggregation.range.offset_ns, 60 * kSecondNs) << query;
    EXPECT_EQ(aggregation.range.log.stages.size(), 1U) << query;
  }
}

TEST(ParseExpr, UnwrapConvertsAndFilters) {
  const Expr expr =
      Parsed(R"(max_over_time({a="b"} | unwrap duration(d) | __error__="" [1m]) by (x))");
  const auto& aggregation = NodeOf<RangeAggregation>(expr);
  ASSERT_TRUE(aggregation.range.unwrap.has_value());
  EXPECT_EQ(aggregation.range.unwrap->conversion, UnwrapConversion::kDuration);
  EXPECT_EQ(aggregation.range.unwrap->filters.size(), 1U);
  EXPECT_NE(ErrorOf(R"(sum_over_time({a="b"} | unwrap d [1m]) by (x))"), "");
}

TEST(ParseExpr, GroupingStandsBeforeOrBehind) {
  for (const char* query :
       {R"(sum by (x, y) (rate({a="b"}[1m])))", R"(sum(rate({a="b"}[1m])) by (x, y))"}) {
    const Expr expr = Parsed(query);
    const auto& aggregation = NodeOf<VectorAggregation>(expr);
    ASSERT_TRUE(aggregation.grouping.has_value());
    EXPECT_EQ(aggregation.grouping->labels, (std::vector<std::string>{"x", "y"}));
  }
}

TEST(ParseExpr, OperatorsBindAsInPrometheus) {
  const Expr power = Parsed("2 ^ 3 ^ 2");
  EXPECT_EQ(NodeOf<LiteralExpr>(power).value, 512);
  const Expr minus = Parsed("1 - 2 - 3");
  EXPECT_EQ(NodeOf<LiteralExpr>(minus).value, -4);
  const Expr mixed = Parsed("1 + 2 * 3 > 6");
  EXPECT_EQ(NodeOf<LiteralExpr>(mixed).value, 1);
  const Expr set = Parsed(R"(vector(1) or vector(2) and vector(3))");
  EXPECT_EQ(NodeOf<BinaryExpr>(set).op, BinaryOp::kOr);
}

TEST(ParseExpr, MatchingNamesLabels) {
  const Expr expr = Parsed("vector(1) > bool on (a) group_left (b, c) vector(2)");
  const auto& binary = NodeOf<BinaryExpr>(expr);
  EXPECT_TRUE(binary.return_bool);
  EXPECT_EQ(binary.on, true);
  EXPECT_EQ(binary.matching_labels, std::vector<std::string>{"a"});
  EXPECT_EQ(binary.cardinality, MatchCardinality::kManyToOne);
  EXPECT_EQ(binary.include, (std::vector<std::string>{"b", "c"}));
  // The parenthesis may also open the operand.
  const Expr operand = Parsed("vector(1) > on (a) group_left (vector(2))");
  EXPECT_TRUE(NodeOf<BinaryExpr>(operand).include.empty());
}

TEST(ParseExpr, SaysWhatIsWrong) {
  EXPECT_EQ(ErrorOf(R"({foo="bar")"),
            "parse error at line 1, col 11: syntax error: unexpected $end, expecting } or ,");
  EXPECT_EQ(ErrorOf(R"(min({ foo = "bar" }[5m]))"),
            "parse error at line 0, col 20: syntax error: unexpected RANGE");
  EXPECT_EQ(ErrorOf(R"(topk(rate({a="b"}[5m])))"),
            "parse error : parameter required for operation topk");
  EXPECT_EQ(ErrorOf(R"(sum_over_time({a="b"}[5m]))"),
            "parse error : invalid aggregation sum_over_time without unwrap");
  EXPECT_EQ(ErrorOf(R"({a="b"} + 1)"),
            "parse error : unexpected type for left leg of binary operation (+): "
            "*syntax.MatchersExpr");
  EXPECT_EQ(ErrorOf("vector(1) or 1"),
            "parse error : unexpected literal for right leg of logical/set binary operation (or): "
            "1.000000");
  EXPECT_NE(ErrorOf(R"({a=~".*"})"), "");
}

TEST(ParseExpr, NestingIsBounded) {
  EXPECT_NE(ErrorOf(std::string(100'000, '(')), "");
  EXPECT_NE(ErrorOf(R"({a="b"} | )" + std::string(100'000, '(')), "");
  EXPECT_NE(ErrorOf("rate(" + std::string(100'000, '(')), "");
  std::string sum = "vector(1)";
  for (int i = 0; i < 5'000; ++i) sum += "+vector(1)";
  EXPECT_NE(ErrorOf(sum), "");
}

TEST(ParseSelector, TakesAnEmptyOne) {
  EXPECT_TRUE(ParseSelector("{}")->empty());
  EXPECT_EQ(ParseSelector(R"({a="b"})")->size(), 1U);
  EXPECT_FALSE(ParseSelector(R"({a="b"} |= "x")").ok());
}

}  // namespace
}  // namespace tidegate::logql
