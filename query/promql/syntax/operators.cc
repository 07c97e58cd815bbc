#include "query/promql/syntax/operators.h"

namespace tidegate::promql {

std::string_view OperatorText(BinaryOp op) {
  switch (op) {
    case BinaryOp::kAdd:
      return "+";
    case BinaryOp::kSub:
      return "-";
    case BinaryOp::kMul:
      return "*";
    case BinaryOp::kDiv:
      return "/";
    case BinaryOp::kMod:
      return "%";
    case BinaryOp::kPow:
      return "^";
    case BinaryOp::kAtan2:
      return "atan2";
    case BinaryOp::kEqual:
      return "==";
    case BinaryOp::kNotEqual:
      return "!=";
    case BinaryOp::kLess:
      return "<";
    case BinaryOp::kLessOrEqual:
      return "<=";
    case BinaryOp::kGreater:
      return ">";
    case BinaryOp::kGreaterOrEqual:
      return ">=";
    case BinaryOp::kTrimUpper:
      return "</";
    case BinaryOp::kTrimLower:
      return ">/";
    case BinaryOp::kAnd:
      return "and";
    case BinaryOp::kOr:
      return "or";
    case BinaryOp::kUnless:
      return "unless";
  }
  return "";
}

std::string_view OperatorText(AggregateOp op) {
  switch (op) {
    case AggregateOp::kAvg:
      return "avg";
    case AggregateOp::kBottomK:
      return "bottomk";
    case AggregateOp::kCount:
      return "count";
    case AggregateOp::kCountValues:
      return "count_values";
    case AggregateOp::kGroup:
      return "group";
    case AggregateOp::kLimitK:
      return "limitk";
    case AggregateOp::kLimitRatio:
      return "limit_ratio";
    case AggregateOp::kMax:
      return "max";
    case AggregateOp::kMin:
      return "min";
    case AggregateOp::kQuantile:
      return "quantile";
    case AggregateOp::kStddev:
      return "stddev";
    case AggregateOp::kStdvar:
      return "stdvar";
    case AggregateOp::kSum:
      return "sum";
    case AggregateOp::kTopK:
      return "topk";
  }
  return "";
}

std::string_view OperatorText(DurationOp op) {
  switch (op) {
    case DurationOp::kAdd:
      return "+";
    case DurationOp::kSub:
      return "-";
    case DurationOp::kMul:
      return "*";
    case DurationOp::kDiv:
      return "/";
    case DurationOp::kMod:
      return "%";
    case DurationOp::kPow:
      return "^";
    case DurationOp::kStep:
      return "step";
    case DurationOp::kRange:
      return "range";
    case DurationOp::kMinOf:
      return "min_of";
    case DurationOp::kMaxOf:
      return "max_of";
  }
  return "";
}

bool IsComparison(BinaryOp op) {
  switch (op) {
    case BinaryOp::kEqual:
    case BinaryOp::kNotEqual:
    case BinaryOp::kLess:
    case BinaryOp::kLessOrEqual:
    case BinaryOp::kGreater:
    case BinaryOp::kGreaterOrEqual:
      return true;
    default:
      return false;
  }
}

bool IsSetOperator(BinaryOp op) {
  return op == BinaryOp::kAnd || op == BinaryOp::kOr || op == BinaryOp::kUnless;
}

bool TakesParameter(AggregateOp op) {
  switch (op) {
    case AggregateOp::kTopK:
    case AggregateOp::kBottomK:
    case AggregateOp::kLimitK:
    case AggregateOp::kLimitRatio:
    case AggregateOp::kQuantile:
    case AggregateOp::kCountValues:
      return true;
    default:
      return false;
  }
}

}  // namespace tidegate::promql
