#include "query/promql/syntax/operators.h"

#include <set>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"

namespace tidegate::promql {
namespace {

const std::vector<BinaryOp> kBinaryOps = {
    BinaryOp::kAdd,       BinaryOp::kSub,         BinaryOp::kMul,
    BinaryOp::kDiv,       BinaryOp::kMod,         BinaryOp::kPow,
    BinaryOp::kAtan2,     BinaryOp::kEqual,       BinaryOp::kNotEqual,
    BinaryOp::kLess,      BinaryOp::kLessOrEqual, BinaryOp::kGreater,
    BinaryOp::kTrimUpper, BinaryOp::kTrimLower,   BinaryOp::kGreaterOrEqual,
    BinaryOp::kAnd,       BinaryOp::kOr,          BinaryOp::kUnless,
};

TEST(Operators, EveryBinaryOperatorHasATextOfItsOwn) {
  std::set<std::string_view> texts;
  for (const BinaryOp op : kBinaryOps) {
    EXPECT_FALSE(OperatorText(op).empty());
    texts.insert(OperatorText(op));
  }
  EXPECT_EQ(texts.size(), kBinaryOps.size());
}

TEST(Operators, TrimmingIsNoComparison) {
  EXPECT_TRUE(IsComparison(BinaryOp::kLess));
  EXPECT_TRUE(IsComparison(BinaryOp::kNotEqual));
  EXPECT_FALSE(IsComparison(BinaryOp::kTrimUpper));
  EXPECT_FALSE(IsComparison(BinaryOp::kTrimLower));
  EXPECT_FALSE(IsComparison(BinaryOp::kAtan2));
}

TEST(Operators, SetOperatorsAreThree) {
  int count = 0;
  for (const BinaryOp op : kBinaryOps) count += IsSetOperator(op) ? 1 : 0;
  EXPECT_EQ(count, 3);
  EXPECT_TRUE(IsSetOperator(BinaryOp::kUnless));
}

TEST(Operators, SixAggregationsTakeAParameter) {
  int count = 0;
  for (int op = 0; op <= static_cast<int>(AggregateOp::kTopK); ++op) {
    const auto aggregate = static_cast<AggregateOp>(op);
    EXPECT_FALSE(OperatorText(aggregate).empty());
    count += TakesParameter(aggregate) ? 1 : 0;
  }
  EXPECT_EQ(count, 6);
  EXPECT_TRUE(TakesParameter(AggregateOp::kLimitRatio));
  EXPECT_FALSE(TakesParameter(AggregateOp::kGroup));
}

TEST(Operators, DurationWordsAreWrittenAsFunctions) {
  EXPECT_EQ(OperatorText(DurationOp::kMinOf), "min_of");
  EXPECT_EQ(OperatorText(DurationOp::kMaxOf), "max_of");
  EXPECT_EQ(OperatorText(DurationOp::kStep), "step");
  EXPECT_EQ(OperatorText(DurationOp::kRange), "range");
  EXPECT_EQ(OperatorText(DurationOp::kMod), "%");
}

}  // namespace
}  // namespace tidegate::promql
