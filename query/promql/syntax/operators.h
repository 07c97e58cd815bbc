// The operators of PromQL: binary, aggregating, duration arithmetic, and how each is written.
#ifndef TIDEGATE_QUERY_PROMQL_SYNTAX_OPERATORS_H_
#define TIDEGATE_QUERY_PROMQL_SYNTAX_OPERATORS_H_

#include <string_view>

namespace tidegate::promql {

enum class BinaryOp {
  kAdd,
  kSub,
  kMul,
  kDiv,
  kMod,
  kPow,
  kAtan2,
  kEqual,
  kNotEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kTrimUpper,  // `</`: cuts a native histogram above a value
  kTrimLower,  // `>/`: cuts a native histogram below a value
  kAnd,
  kOr,
  kUnless,
};

enum class AggregateOp {
  kAvg,
  kBottomK,
  kCount,
  kCountValues,
  kGroup,
  kLimitK,
  kLimitRatio,
  kMax,
  kMin,
  kQuantile,
  kStddev,
  kStdvar,
  kSum,
  kTopK,
};

enum class DurationOp { kAdd, kSub, kMul, kDiv, kMod, kPow, kStep, kRange, kMinOf, kMaxOf };

// `@ start()` and `@ end()` bind a selector to a bound of the query's range.
enum class AtAnchor { kNone, kStart, kEnd };

// As written in a query: "+", "==", "unless", "count_values", "min_of".
std::string_view OperatorText(BinaryOp op);
std::string_view OperatorText(AggregateOp op);
std::string_view OperatorText(DurationOp op);

// == != < <= > >=. The trim operators compare nothing.
bool IsComparison(BinaryOp op);

// and, or, unless.
bool IsSetOperator(BinaryOp op);

// topk, bottomk, limitk, limit_ratio, quantile, count_values.
bool TakesParameter(AggregateOp op);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_SYNTAX_OPERATORS_H_
