#include "query/promql/syntax/clone.h"

#include <string_view>

#include "gtest/gtest.h"
#include "query/promql/syntax/parser.h"
#include "query/promql/syntax/render/json_ast.h"
#include "query/promql/syntax/render/printer.h"

namespace tidegate::promql {
namespace {

class CloneTest : public testing::TestWithParam<std::string_view> {};

TEST_P(CloneTest, CopiesEverything) {
  const auto expr = ParseExpr(GetParam());
  ASSERT_TRUE(expr.ok()) << expr.status();
  const ExprPtr copy = Clone(**expr);
  EXPECT_EQ(ToString(*copy), ToString(**expr));
  EXPECT_EQ(ToJson(*copy), ToJson(**expr));
  EXPECT_EQ(copy->position, (*expr)->position);
  EXPECT_EQ(copy->height, (*expr)->height);
}

INSTANTIATE_TEST_SUITE_P(
    Expressions, CloneTest,
    testing::Values("1.5", "90s", "'text'", "a{x!='1'} @ start() offset -5m",
                    "a[5m + step()] smoothed offset (1m * 2) @ 7",
                    "max_over_time(rate(a[1m])[1h:step()] @ end() offset -min_of(1m, range()))",
                    "a > bool on (x) group_left (y) b == bool 1", "a + ignoring (x) fill (1) b",
                    "topk by (x) (scalar(k), -(a))", "sum without (x) (+a)", "info(a, {x='1'})"));

TEST(Clone, SharesNothing) {
  const auto expr = ParseExpr("a offset 5m + b");
  ASSERT_TRUE(expr.ok());
  const ExprPtr copy = Clone(**expr);
  As<VectorSelector>(*As<BinaryExpr>(*copy).lhs).time.offset.ms = 0;
  EXPECT_EQ(ToString(**expr), "a offset 5m + b");
  EXPECT_EQ(ToString(*copy), "a + b");
}

}  // namespace
}  // namespace tidegate::promql
