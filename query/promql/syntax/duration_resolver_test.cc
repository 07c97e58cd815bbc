#include "query/promql/syntax/duration_resolver.h"

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "query/promql/syntax/parser.h"

namespace tidegate::promql {
namespace {

// Ten minutes in steps of 15 s.
constexpr QueryWindow kWindow{.start_ms = 1'000'000, .end_ms = 1'600'000, .step_ms = 15'000};

absl::StatusOr<std::unique_ptr<const Expr>> Resolve(std::string_view query,
                                                    const QueryWindow& window = kWindow) {
  const auto expr = ParseExpr(query);
  EXPECT_TRUE(expr.ok()) << expr.status();
  if (!expr.ok()) return expr.status();
  return ResolveDurations(**expr, window);
}

// The range of `a[<duration>]` in milliseconds, or -1.
int64_t RangeMs(std::string_view duration, const QueryWindow& window = kWindow) {
  const auto expr = Resolve("a[" + std::string(duration) + "]", window);
  EXPECT_TRUE(expr.ok()) << expr.status();
  if (!expr.ok()) return -1;
  const auto& matrix = As<MatrixSelector>(**expr);
  EXPECT_TRUE(matrix.range.is_constant());
  return matrix.range.ms;
}

std::string FaultOf(std::string_view query) {
  return std::string(Resolve(query).status().message());
}

TEST(DurationResolver, Arithmetic) {
  EXPECT_EQ(RangeMs("1m + 30s"), 90'000);
  EXPECT_EQ(RangeMs("1h - 30"), 3'570'000);
  EXPECT_EQ(RangeMs("2 * 3 * 1s"), 6'000);
  EXPECT_EQ(RangeMs("1h / 4"), 900'000);
  EXPECT_EQ(RangeMs("7s % 4s"), 3'000);
  EXPECT_EQ(RangeMs("2 ^ 3 ^ 2"), 512'000);
  EXPECT_EQ(RangeMs("10s - 2s - 3s"), 5'000);
  EXPECT_EQ(RangeMs("-(1s - 6s)"), 5'000);
  EXPECT_EQ(RangeMs("1h + -2 ^ 2"), 3'596'000);
}

TEST(DurationResolver, WordsOfTime) {
  EXPECT_EQ(RangeMs("step()"), 15'000);
  EXPECT_EQ(RangeMs("range()"), 600'000);
  EXPECT_EQ(RangeMs("max_of(step() * 4, 30s)"), 60'000);
  EXPECT_EQ(RangeMs("min_of(step() * 4, 30s)"), 30'000);
}

TEST(DurationResolver, InstantQueriesHaveNeitherStepNorRange) {
  constexpr QueryWindow kInstant{.start_ms = 5'000, .end_ms = 5'000, .step_ms = 0};
  EXPECT_EQ(RangeMs("1m + step() + range()", kInstant), 60'000);
  EXPECT_EQ(RangeMs("max_of(step(), 5s)", kInstant), 5'000);
}

TEST(DurationResolver, ResultsAreCutToMilliseconds) {
  EXPECT_EQ(RangeMs("1s / 3"), 333);
  EXPECT_EQ(RangeMs("(0.0019)"), 1);
}

TEST(DurationResolver, OffsetsMayHaveAnySign) {
  const auto expr = Resolve("a offset (1m - 2m)");
  ASSERT_TRUE(expr.ok()) << expr.status();
  EXPECT_EQ(As<VectorSelector>(**expr).time.offset.ms, -60'000);
}

TEST(DurationResolver, EveryPlaceIsResolved) {
  const auto expr = Resolve("max_over_time(sum(a offset -step())[range():step() * 2] offset (3s))");
  ASSERT_TRUE(expr.ok()) << expr.status();
  const auto& subquery = As<SubqueryExpr>(*As<Call>(**expr).args[0]);
  EXPECT_EQ(subquery.range.ms, 600'000);
  EXPECT_EQ(subquery.step.ms, 30'000);
  EXPECT_EQ(subquery.time.offset.ms, 3'000);
  EXPECT_TRUE(subquery.range.is_constant() && subquery.step.is_constant());
  const auto& selector = As<VectorSelector>(*As<AggregateExpr>(*subquery.expr).expr);
  EXPECT_EQ(selector.time.offset.ms, -15'000);
  EXPECT_TRUE(selector.time.offset.is_constant());
}

TEST(DurationResolver, ConstantsStayAsTheyAre) {
  const auto expr = Resolve("rate(a[5m] offset 1m)");
  ASSERT_TRUE(expr.ok());
  const auto& matrix = As<MatrixSelector>(*As<Call>(**expr).args[0]);
  EXPECT_EQ(matrix.range.ms, 300'000);
  EXPECT_EQ(matrix.selector->time.offset.ms, 60'000);
}

TEST(DurationResolver, TheOriginalIsUntouched) {
  const auto expr = ParseExpr("a[step()]");
  ASSERT_TRUE(expr.ok());
  ASSERT_TRUE(ResolveDurations(**expr, kWindow).ok());
  EXPECT_FALSE(As<MatrixSelector>(**expr).range.is_constant());
}

TEST(DurationResolver, DivisionByZeroAtRunTime) {
  EXPECT_EQ(FaultOf("a[1h / (step() - 15s)]"), "2:20: division by zero");
  EXPECT_EQ(FaultOf("a[1h / (0)]"), "2:10: division by zero");
  EXPECT_EQ(FaultOf("a[1h % (0)]"), "2:10: modulo by zero");
}

TEST(DurationResolver, RangesAndStepsMustBePositive) {
  EXPECT_EQ(FaultOf("a[1s - 2s]"), "2:9: duration must be greater than 0");
  EXPECT_EQ(FaultOf("a[1h:step() - 15s]"), "5:17: duration must be greater than 0");
  EXPECT_EQ(FaultOf("a offset (0 - 5s)"), "");
}

TEST(DurationResolver, ResultsMustFit) {
  EXPECT_EQ(FaultOf("a[9e9 * 9e9]"), "2:11: duration is out of range");
  EXPECT_EQ(FaultOf("a offset -(10 ^ 400)"), "9:19: duration is out of range");
  EXPECT_EQ(FaultOf("a[(-1) ^ (0.5)]"), "2:14: duration is out of range");
}

}  // namespace
}  // namespace tidegate::promql
