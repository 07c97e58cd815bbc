// What parses, and into which tree. Faults are in parser_errors_test.cc.
#include "query/promql/syntax/parser.h"

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "query/promql/syntax/limits.h"

namespace tidegate::promql {
namespace {

std::unique_ptr<const Expr> Parse(std::string_view query) {
  ParseError error;
  std::unique_ptr<const Expr> expr = ParseExpression(query, &error);
  EXPECT_NE(expr, nullptr) << query << ": " << error.message;
  return expr;
}

template <typename Node>
const Node& ParseAs(std::string_view query, std::unique_ptr<const Expr>* keep) {
  *keep = Parse(query);
  return As<Node>(**keep);
}

// A tree with one pair of parentheses for each operation and a letter for each selector.
std::string Shape(const Expr& expr) {
  switch (expr.kind()) {
    case NodeKind::kNumberLiteral: {
      const double value = As<NumberLiteral>(expr).value;
      return std::to_string(static_cast<int>(value));
    }
    case NodeKind::kVectorSelector:
      return As<VectorSelector>(expr).name;
    case NodeKind::kUnary:
      return std::string("(") + (As<UnaryExpr>(expr).negate ? "-" : "+") +
             Shape(*As<UnaryExpr>(expr).expr) + ")";
    case NodeKind::kBinary: {
      const auto& node = As<BinaryExpr>(expr);
      return "(" + Shape(*node.lhs) + std::string(OperatorText(node.op)) + Shape(*node.rhs) + ")";
    }
    case NodeKind::kParen:
      return "P" + Shape(*As<ParenExpr>(expr).expr);
    default:
      return "?";
  }
}

std::string ShapeOf(std::string_view query) {
  const std::unique_ptr<const Expr> expr = Parse(query);
  return expr != nullptr ? Shape(*expr) : "";
}

PositionRange PositionIn(std::string_view query) {
  const std::unique_ptr<const Expr> expr = Parse(query);
  return expr != nullptr ? expr->position : PositionRange{-1, -1};
}

TEST(ParserOperators, PrecedenceFromLooseToTight) {
  EXPECT_EQ(ShapeOf("a or b and c"), "(aor(bandc))");
  EXPECT_EQ(ShapeOf("a and b == c"), "(aand(b==c))");
  EXPECT_EQ(ShapeOf("a > b + c"), "(a>(b+c))");
  EXPECT_EQ(ShapeOf("a - b * c"), "(a-(b*c))");
  EXPECT_EQ(ShapeOf("a % b ^ c"), "(a%(b^c))");
  EXPECT_EQ(ShapeOf("a atan2 b + c"), "((aatan2b)+c)");
  EXPECT_EQ(ShapeOf("a </ 5 + 1"), "(a</(5+1))");
}

TEST(ParserOperators, AllButPowerGoToTheLeft) {
  EXPECT_EQ(ShapeOf("a - b - c"), "((a-b)-c)");
  EXPECT_EQ(ShapeOf("a unless b and c"), "((aunlessb)andc)");
  EXPECT_EQ(ShapeOf("a ^ b ^ c"), "(a^(b^c))");
  EXPECT_EQ(ShapeOf("a >/ 1 </ 2"), "((a>/1)</2)");
}

TEST(ParserOperators, SignsBindLikeMultiplication) {
  EXPECT_EQ(ShapeOf("-a ^ b"), "(-(a^b))");
  EXPECT_EQ(ShapeOf("-a * b"), "((-a)*b)");
  EXPECT_EQ(ShapeOf("a ^ -b * c"), "((a^(-b))*c)");
  EXPECT_EQ(ShapeOf("- + a"), "(-(+a))");
  EXPECT_EQ(ShapeOf("a - -b"), "(a-(-b))");
}

TEST(ParserOperators, NumbersTakeTheirSignIn) {
  EXPECT_EQ(ShapeOf("-7"), "-7");
  EXPECT_EQ(ShapeOf("--7"), "7");
  EXPECT_EQ(ShapeOf("-2 ^ 3"), "(-(2^3))");
  EXPECT_EQ(PositionIn("  -  7 "), (PositionRange{2, 6}));
}

TEST(ParserOperators, ParenthesesAreNodes) {
  EXPECT_EQ(ShapeOf("(a + b) * c"), "(P(a+b)*c)");
  EXPECT_EQ(ShapeOf("((a))"), "PPa");
}

TEST(ParserOperators, KeywordsAreCaseInsensitive) {
  EXPECT_EQ(ShapeOf("a OR b Unless c"), "(aor(bunlessc))");
}

TEST(ParserLiterals, Numbers) {
  std::unique_ptr<const Expr> keep;
  EXPECT_EQ(ParseAs<NumberLiteral>("0x1F", &keep).value, 31);
  EXPECT_EQ(ParseAs<NumberLiteral>("017", &keep).value, 15);
  EXPECT_EQ(ParseAs<NumberLiteral>("1_000.5", &keep).value, 1000.5);
  EXPECT_TRUE(std::isinf(ParseAs<NumberLiteral>("iNF", &keep).value));
  EXPECT_TRUE(std::isnan(ParseAs<NumberLiteral>("nan", &keep).value));
}

TEST(ParserLiterals, DurationsAreSeconds) {
  std::unique_ptr<const Expr> keep;
  const auto& literal = ParseAs<NumberLiteral>("1h30m", &keep);
  EXPECT_EQ(literal.value, 5400);
  EXPECT_TRUE(literal.written_as_duration);
  EXPECT_FALSE(ParseAs<NumberLiteral>("5400", &keep).written_as_duration);
  EXPECT_EQ(ParseAs<NumberLiteral>("250ms", &keep).value, 0.25);
}

TEST(ParserLiterals, StringsAreUnquoted) {
  std::unique_ptr<const Expr> keep;
  EXPECT_EQ(ParseAs<StringLiteral>(R"("tab\there")", &keep).value, "tab\there");
  EXPECT_EQ(ParseAs<StringLiteral>(R"('\'\xff\101')", &keep).value,
            "'\xff"
            "A");
  EXPECT_EQ(ParseAs<StringLiteral>("`raw \\n\nline`", &keep).value, "raw \\n\nline");
}

TEST(ParserSelectors, TheNameIsAlsoAMatcher) {
  std::unique_ptr<const Expr> keep;
  const auto& selector = ParseAs<VectorSelector>(R"(up{job!="x", env=~"a|b",})", &keep);
  EXPECT_EQ(selector.name, "up");
  ASSERT_EQ(selector.matchers.size(), 3u);
  EXPECT_EQ(selector.matchers[0], (model::Matcher{model::MatchType::kNotEqual, "job", "x"}));
  EXPECT_EQ(selector.matchers[1], (model::Matcher{model::MatchType::kRegex, "env", "a|b"}));
  EXPECT_EQ(selector.matchers[2], (model::Matcher{model::MatchType::kEqual, "__name__", "up"}));
}

TEST(ParserSelectors, QuotedNamesStandInsideTheBraces) {
  std::unique_ptr<const Expr> keep;
  const auto& selector = ParseAs<VectorSelector>(R"({"disk usage", 'l 1'!~"v"})", &keep);
  EXPECT_EQ(selector.name, "");
  ASSERT_EQ(selector.matchers.size(), 2u);
  EXPECT_EQ(selector.matchers[0],
            (model::Matcher{model::MatchType::kEqual, "__name__", "disk usage"}));
  EXPECT_EQ(selector.matchers[1], (model::Matcher{model::MatchType::kNotRegex, "l 1", "v"}));
}

TEST(ParserSelectors, KeywordsMayBeNames) {
  for (const std::string_view name :
       {"sum", "by", "offset", "and", "unless", "start", "step", "range", "min_of", "anchored",
        "smoothed", "without", "fill", "fill_left", "limitk", "End"}) {
    std::unique_ptr<const Expr> keep;
    EXPECT_EQ(ParseAs<VectorSelector>(name, &keep).name, name);
    EXPECT_EQ(ParseAs<VectorSelector>(std::string(name) + "{on='x',bool!='y'}", &keep).name, name);
  }
}

TEST(ParserSelectors, CommentsAreSpace) {
  EXPECT_EQ(ShapeOf("a # first\n + # second\n b # third"), "(a+b)");
  std::unique_ptr<const Expr> keep;
  EXPECT_EQ(ParseAs<VectorSelector>("a{ # one\n x='1' # two\n }", &keep).matchers.size(), 2u);
}

TEST(ParserSelectors, Ranges) {
  std::unique_ptr<const Expr> keep;
  EXPECT_EQ(ParseAs<MatrixSelector>("a[5m]", &keep).range.ms, 300'000);
  EXPECT_EQ(ParseAs<MatrixSelector>("a[1.5]", &keep).range.ms, 1500);
  EXPECT_EQ(ParseAs<MatrixSelector>("a[ 1h30m ]", &keep).range.ms, 5'400'000);
  EXPECT_EQ(ParseAs<MatrixSelector>("a[0x10]", &keep).range.ms, 16'000);
  EXPECT_EQ(ParseAs<MatrixSelector>("a{x='1'}[1d]", &keep).selector->matchers.size(), 2u);
}

TEST(ParserSelectors, RangesAreCutToMilliseconds) {
  std::unique_ptr<const Expr> keep;
  EXPECT_EQ(ParseAs<MatrixSelector>("a[1.9999]", &keep).range.ms, 1999);
  EXPECT_EQ(ParseAs<MatrixSelector>("a[0.0001]", &keep).range.ms, 0);
}

TEST(ParserSelectors, Offsets) {
  std::unique_ptr<const Expr> keep;
  EXPECT_EQ(ParseAs<VectorSelector>("a offset 5m", &keep).time.offset.ms, 300'000);
  EXPECT_EQ(ParseAs<VectorSelector>("a offset -90", &keep).time.offset.ms, -90'000);
  EXPECT_EQ(ParseAs<MatrixSelector>("a[1m] offset 1w", &keep).selector->time.offset.ms,
            604'800'000);
  EXPECT_EQ(ParseAs<SubqueryExpr>("a[1m:] offset 1ms", &keep).time.offset.ms, 1);
}

TEST(ParserSelectors, EvaluationTimes) {
  std::unique_ptr<const Expr> keep;
  EXPECT_EQ(ParseAs<VectorSelector>("a @ 1.2345", &keep).time.timestamp_ms, 1235);
  EXPECT_EQ(ParseAs<VectorSelector>("a @ -1e3", &keep).time.timestamp_ms, -1'000'000);
  EXPECT_EQ(ParseAs<VectorSelector>("a @ 1h", &keep).time.timestamp_ms, 3'600'000);
  EXPECT_EQ(ParseAs<VectorSelector>("a @ start()", &keep).time.anchor, AtAnchor::kStart);
  const auto& matrix = ParseAs<MatrixSelector>("a[1m] @ end ( )", &keep);
  EXPECT_EQ(matrix.selector->time.anchor, AtAnchor::kEnd);
  EXPECT_EQ(matrix.selector->time.timestamp_ms, std::nullopt);
}

TEST(ParserSelectors, ModifiersInAnyOrder) {
  for (const std::string_view query :
       {"a[1m] @ 5 offset 1s anchored", "a[1m] offset 1s anchored @ 5",
        "a[1m] anchored @ 5 offset 1s"}) {
    std::unique_ptr<const Expr> keep;
    const VectorSelector& selector = *ParseAs<MatrixSelector>(query, &keep).selector;
    EXPECT_EQ(selector.time.timestamp_ms, 5000) << query;
    EXPECT_EQ(selector.time.offset.ms, 1000) << query;
    EXPECT_TRUE(selector.anchored) << query;
    EXPECT_FALSE(selector.smoothed) << query;
  }
}

TEST(ParserSelectors, Subqueries) {
  std::unique_ptr<const Expr> keep;
  const auto& subquery = ParseAs<SubqueryExpr>("rate(a[1m])[1h:5m] @ 7", &keep);
  EXPECT_EQ(subquery.range.ms, 3'600'000);
  EXPECT_EQ(subquery.step.ms, 300'000);
  EXPECT_EQ(subquery.time.timestamp_ms, 7000);
  EXPECT_EQ(subquery.expr->kind(), NodeKind::kCall);
  EXPECT_EQ(ParseAs<SubqueryExpr>("a[1h:]", &keep).step.ms, 0);
  EXPECT_EQ(ParseAs<SubqueryExpr>("(a + b)[1h:]", &keep).expr->kind(), NodeKind::kParen);
}

TEST(ParserDurations, ArithmeticInBrackets) {
  std::unique_ptr<const Expr> keep;
  const auto& matrix = ParseAs<MatrixSelector>("a[5m + 2 * step()]", &keep);
  EXPECT_FALSE(matrix.range.is_constant());
  const DurationExpr& sum = *matrix.range.expr;
  EXPECT_EQ(sum.op, DurationOp::kAdd);
  EXPECT_EQ(As<NumberLiteral>(*sum.lhs).value, 300);
  const auto& product = As<DurationExpr>(*sum.rhs);
  EXPECT_EQ(product.op, DurationOp::kMul);
  EXPECT_EQ(As<DurationExpr>(*product.rhs).op, DurationOp::kStep);
}

TEST(ParserDurations, SignsAndPowers) {
  std::unique_ptr<const Expr> keep;
  const auto& matrix = ParseAs<MatrixSelector>("a[-2 ^ 2 + 1h]", &keep);
  const auto& negated = As<DurationExpr>(*matrix.range.expr->lhs);
  EXPECT_EQ(negated.op, DurationOp::kSub);
  EXPECT_EQ(negated.lhs, nullptr);
  EXPECT_EQ(As<DurationExpr>(*negated.rhs).op, DurationOp::kPow);
}

TEST(ParserDurations, ParenthesesAreRemembered) {
  std::unique_ptr<const Expr> keep;
  EXPECT_TRUE(ParseAs<MatrixSelector>("a[(1m + 1s)]", &keep).range.expr->wrapped);
  EXPECT_FALSE(ParseAs<MatrixSelector>("a[1m + 1s]", &keep).range.expr->wrapped);
  const DurationExpr& literal = *ParseAs<MatrixSelector>("a[(5)]", &keep).range.expr;
  EXPECT_TRUE(literal.wrapped);
  EXPECT_EQ(As<NumberLiteral>(*literal.rhs).value, 5);
}

TEST(ParserDurations, OffsetsStopAtTheFirstTerm) {
  EXPECT_EQ(ShapeOf("a offset 5m + b"), "(a+b)");
  EXPECT_EQ(ShapeOf("a offset -5m - b"), "(a-b)");
  EXPECT_EQ(ShapeOf("a offset step() * 2"), "(a*2)");
  EXPECT_EQ(ShapeOf("a offset -max_of(1s, step()) ^ 2"), "(a^2)");
  EXPECT_EQ(ShapeOf("a offset -(1s) + 1"), "(a+1)");
}

TEST(ParserDurations, OffsetExpressions) {
  std::unique_ptr<const Expr> keep;
  const auto& selector = ParseAs<VectorSelector>("a offset -min_of(1m, range() / 2)", &keep);
  const DurationExpr& negated = *selector.time.offset.expr;
  EXPECT_EQ(negated.op, DurationOp::kSub);
  EXPECT_EQ(negated.lhs, nullptr);
  EXPECT_EQ(As<DurationExpr>(*negated.rhs).op, DurationOp::kMinOf);
  EXPECT_EQ(ParseAs<VectorSelector>("a offset (2 * 3)", &keep).time.offset.expr->op,
            DurationOp::kMul);
}

TEST(ParserDurations, StepsOfSubqueriesToo) {
  std::unique_ptr<const Expr> keep;
  const auto& subquery = ParseAs<SubqueryExpr>("a[step() * 10:step()]", &keep);
  EXPECT_EQ(subquery.range.expr->op, DurationOp::kMul);
  EXPECT_EQ(subquery.step.expr->op, DurationOp::kStep);
}

TEST(ParserAggregations, ClauseInFrontOrBehind) {
  for (const std::string_view query :
       {"sum by (a, b) (x)", "sum(x) by (a, b)", "SUM BY(a,b,)(x)", "sum(x)by(a,'b')"}) {
    std::unique_ptr<const Expr> keep;
    const auto& node = ParseAs<AggregateExpr>(query, &keep);
    EXPECT_EQ(node.op, AggregateOp::kSum) << query;
    EXPECT_EQ(node.grouping, (std::vector<std::string>{"a", "b"})) << query;
    EXPECT_FALSE(node.without) << query;
    EXPECT_EQ(node.param, nullptr) << query;
  }
}

TEST(ParserAggregations, Parameters) {
  std::unique_ptr<const Expr> keep;
  const auto& topk = ParseAs<AggregateExpr>("topk without () (scalar(k), x)", &keep);
  EXPECT_EQ(topk.param->kind(), NodeKind::kCall);
  EXPECT_TRUE(topk.without);
  EXPECT_TRUE(topk.grouping.empty());
  const auto& values = ParseAs<AggregateExpr>("count_values('v', x)", &keep);
  EXPECT_EQ(As<StringLiteral>(*values.param).value, "v");
}

TEST(ParserAggregations, LabelsMayBeKeywords) {
  std::unique_ptr<const Expr> keep;
  const auto& node = ParseAs<AggregateExpr>("sum by (bool, on, atan2, by, start, a:b) (x)", &keep);
  EXPECT_EQ(node.grouping, (std::vector<std::string>{"bool", "on", "atan2", "by", "start", "a:b"}));
}

TEST(ParserCalls, ArgumentsAndPositions) {
  std::unique_ptr<const Expr> keep;
  const auto& call = ParseAs<Call>("label_join(a, 'd', ',')", &keep);
  EXPECT_EQ(call.function->name, "label_join");
  EXPECT_EQ(call.args.size(), 3u);
  EXPECT_EQ(ParseAs<Call>("label_join(a, 'd', ',', 'b', 'c')", &keep).args.size(), 5u);
  EXPECT_EQ(ParseAs<Call>("hour()", &keep).args.size(), 0u);
  EXPECT_EQ(ParseAs<Call>("start()", &keep).function->name, "start");
  EXPECT_EQ(ParseAs<Call>("min_of(1, step())", &keep).type(), ValueType::kScalar);
  EXPECT_EQ(PositionIn(" abs( x ) "), (PositionRange{1, 9}));
}

TEST(ParserCalls, InfoTakesAFilterThatMayBeEmpty) {
  std::unique_ptr<const Expr> keep;
  EXPECT_EQ(ParseAs<Call>("info(a, {})", &keep).args.size(), 2u);
  EXPECT_EQ(ParseAs<Call>("info(a, {x=~'.*'})", &keep).args.size(), 2u);
}

TEST(ParserMatching, BetweenVectors) {
  std::unique_ptr<const Expr> keep;
  const auto& node = ParseAs<BinaryExpr>("a / on (x, y) group_left (z) b", &keep);
  ASSERT_TRUE(node.matching.has_value());
  EXPECT_TRUE(node.matching->on);
  EXPECT_EQ(node.matching->labels, (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(node.matching->cardinality, MatchCardinality::kManyToOne);
  EXPECT_EQ(node.matching->include, (std::vector<std::string>{"z"}));
  EXPECT_EQ(ParseAs<BinaryExpr>("a * ignoring (x) group_right b", &keep).matching->cardinality,
            MatchCardinality::kOneToMany);
  EXPECT_EQ(ParseAs<BinaryExpr>("a * b", &keep).matching->cardinality, MatchCardinality::kOneToOne);
}

TEST(ParserMatching, SetOperationsAreManyToMany) {
  std::unique_ptr<const Expr> keep;
  for (const std::string_view query : {"a and b", "a or on () b", "a unless ignoring (x) b"}) {
    EXPECT_EQ(ParseAs<BinaryExpr>(query, &keep).matching->cardinality,
              MatchCardinality::kManyToMany);
  }
}

TEST(ParserMatching, OnlyBetweenVectors) {
  std::unique_ptr<const Expr> keep;
  EXPECT_FALSE(ParseAs<BinaryExpr>("a * 2", &keep).matching.has_value());
  EXPECT_FALSE(ParseAs<BinaryExpr>("1 + 2", &keep).matching.has_value());
  EXPECT_FALSE(ParseAs<BinaryExpr>("2 > bool a", &keep).matching.has_value());
}

TEST(ParserMatching, Fills) {
  std::unique_ptr<const Expr> keep;
  const auto& both = ParseAs<BinaryExpr>("a + on (x) fill (-1) b", &keep);
  EXPECT_EQ(both.matching->fill_left, -1);
  EXPECT_EQ(both.matching->fill_right, -1);
  const auto& sides = ParseAs<BinaryExpr>("a + fill_right (1m) fill_left (NaN) b", &keep);
  EXPECT_TRUE(std::isnan(*sides.matching->fill_left));
  EXPECT_EQ(sides.matching->fill_right, 60);
  const auto& left = ParseAs<BinaryExpr>("a == bool fill_left(+2) b", &keep);
  EXPECT_EQ(left.matching->fill_left, 2);
  EXPECT_FALSE(left.matching->fill_right.has_value());
  EXPECT_TRUE(left.return_bool);
  // Without a parenthesis it is a metric.
  EXPECT_EQ(ShapeOf("a + fill"), "(a+fill)");
}

TEST(ParserTypes, FollowFromTheParts) {
  EXPECT_EQ(Parse("1 + 2")->type(), ValueType::kScalar);
  EXPECT_EQ(Parse("1 + a")->type(), ValueType::kVector);
  EXPECT_EQ(Parse("-(1)")->type(), ValueType::kScalar);
  EXPECT_EQ(Parse("a[5m]")->type(), ValueType::kMatrix);
  EXPECT_EQ(Parse("(a[5m:1m])")->type(), ValueType::kMatrix);
  EXPECT_EQ(Parse("time()")->type(), ValueType::kScalar);
  EXPECT_EQ(Parse("'x'")->type(), ValueType::kString);
}

TEST(ParserPositions, CoverTheNodeAndItsModifiers) {
  EXPECT_EQ(PositionIn(" a "), (PositionRange{1, 2}));
  EXPECT_EQ(PositionIn("a{x='1'} offset 5m"), (PositionRange{0, 18}));
  EXPECT_EQ(PositionIn("a[5m] @ start()"), (PositionRange{0, 15}));
  EXPECT_EQ(PositionIn("sum(a) by (x) "), (PositionRange{0, 13}));
  EXPECT_EQ(PositionIn("( a + b )"), (PositionRange{0, 9}));
  EXPECT_EQ(PositionIn("- a"), (PositionRange{0, 3}));
  EXPECT_EQ(PositionIn(" a[5m:1m] offset 1s "), (PositionRange{1, 19}));
}

TEST(ParserLimits, HeightsAreMeasured) {
  EXPECT_EQ(Parse("a")->height, 1);
  EXPECT_EQ(Parse("a + b + c")->height, 3);
  EXPECT_EQ(Parse("sum(rate(a[5m]))")->height, 4);
}

TEST(ParserLimits, LongChainsAndDeepNestingWithinTheLimitsParse) {
  std::string chain = "a";
  for (int i = 0; i < kMaxTreeHeight - 1; ++i) chain += "+a";
  EXPECT_EQ(Parse(chain)->height, kMaxTreeHeight);
  const std::string open(static_cast<size_t>(kMaxNesting - 1), '(');
  const std::string close(static_cast<size_t>(kMaxNesting - 1), ')');
  EXPECT_EQ(Parse(open + "a" + close)->height, kMaxNesting);
}

TEST(MetricSelector, GivesMatchers) {
  const auto matchers = ParseMetricSelector("up{job='x'}");
  ASSERT_TRUE(matchers.ok()) << matchers.status();
  ASSERT_EQ(matchers->size(), 2u);
  EXPECT_EQ(matchers->at(0).name, "job");
  EXPECT_EQ(matchers->at(1).value, "up");
}

TEST(MetricSelector, MayMatchEverything) {
  const auto matchers = ParseMetricSelector("{}");
  ASSERT_TRUE(matchers.ok());
  EXPECT_TRUE(matchers->empty());
}

TEST(MetricSelector, IsNoExpression) {
  EXPECT_EQ(ParseMetricSelector("up offset 5m").status().message(),
            "1:4: parse error: unexpected <offset>");
  EXPECT_EQ(ParseMetricSelector("rate(a[5m])").status().message(),
            "1:5: parse error: unexpected \"(\"");
  EXPECT_FALSE(ParseMetricSelector("").ok());
  EXPECT_FALSE(ParseMetricSelector("up{a=~'('}").ok());
}

}  // namespace
}  // namespace tidegate::promql
