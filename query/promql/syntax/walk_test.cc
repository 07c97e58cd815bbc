#include "query/promql/syntax/walk.h"

#include <string_view>
#include <vector>

#include "gtest/gtest.h"
#include "query/promql/syntax/parser.h"

namespace tidegate::promql {
namespace {

std::vector<NodeKind> ChildrenOf(std::string_view query) {
  const auto expr = ParseExpr(query);
  EXPECT_TRUE(expr.ok()) << expr.status();
  std::vector<NodeKind> kinds;
  if (expr.ok()) ForEachChild(**expr, [&](const Expr& child) { kinds.push_back(child.kind()); });
  return kinds;
}

TEST(Walk, ChildrenInTheOrderOfTheText) {
  EXPECT_EQ(ChildrenOf("a + 1"),
            (std::vector{NodeKind::kVectorSelector, NodeKind::kNumberLiteral}));
  EXPECT_EQ(ChildrenOf("clamp(a, 1, time())"),
            (std::vector{NodeKind::kVectorSelector, NodeKind::kNumberLiteral, NodeKind::kCall}));
  EXPECT_EQ(ChildrenOf("topk(5, a)"),
            (std::vector{NodeKind::kNumberLiteral, NodeKind::kVectorSelector}));
  EXPECT_EQ(ChildrenOf("sum(a)"), (std::vector{NodeKind::kVectorSelector}));
  EXPECT_EQ(ChildrenOf("a[5m]"), (std::vector{NodeKind::kVectorSelector}));
  EXPECT_EQ(ChildrenOf("(a)[5m:]"), (std::vector{NodeKind::kParen}));
  EXPECT_EQ(ChildrenOf("-(a)"), (std::vector{NodeKind::kParen}));
  EXPECT_EQ(ChildrenOf("((a))"), (std::vector{NodeKind::kParen}));
}

TEST(Walk, LeavesHaveNone) {
  EXPECT_TRUE(ChildrenOf("1").empty());
  EXPECT_TRUE(ChildrenOf("'x'").empty());
  EXPECT_TRUE(ChildrenOf("a offset (1m + step())").empty());
  EXPECT_TRUE(ChildrenOf("time()").empty());
}

}  // namespace
}  // namespace tidegate::promql
