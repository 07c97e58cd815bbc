#include "query/promql/exec/element_operation.h"

#include <cmath>
#include <memory>
#include <string_view>
#include <utility>

#include "query/histogram/arithmetic.h"
#include "query/histogram/trim.h"
#include "query/vector/go_float.h"

namespace tidegate::promql {
namespace {

using model::FloatHistogram;

OperationResult Keep(FloatHistogram histogram) {
  query::Compact(&histogram);
  return {.defined = true,
          .keep = true,
          .value = 0,
          .histogram = std::make_shared<const FloatHistogram>(std::move(histogram))};
}

std::string_view KindOf(const Operand& operand) {
  return operand.is_histogram() ? "histogram" : "float";
}

OperationResult OperateFloats(BinaryOp op, double a, double b) {
  OperationResult result{.defined = true, .keep = true, .value = a, .histogram = nullptr};
  if (IsComparison(op)) {
    result.keep = FloatComparison(op, a, b);
  } else {
    result.value = FloatOperation(op, a, b);
  }
  return result;
}

OperationResult AddHistograms(BinaryOp op, const FloatHistogram& a, const FloatHistogram& b,
                              PositionRange position, Annotations* annotations) {
  FloatHistogram sum = a;
  const bool add = op == BinaryOp::kAdd;
  const query::Meeting meeting = add ? query::AddTo(b, &sum) : query::SubtractFrom(b, &sum);
  if (!meeting.compatible) {
    annotations->Warn(IncompatibleBucketsText(OperatorText(op)), position);
    return {};
  }
  const std::string_view operation = add ? "addition" : "subtraction";
  if (meeting.counter_reset_collision) {
    annotations->Warn(CounterResetCollisionText(operation), position);
  }
  if (meeting.bounds_reconciled) annotations->Inform(ReconciledBoundsText(operation), position);
  if (!add) sum.counter_reset_hint = model::CounterResetHint::kGauge;
  return Keep(std::move(sum));
}

// Nothing when the operator has no meaning for the kinds.
OperationResult TryOperate(BinaryOp op, const Operand& a, const Operand& b, PositionRange position,
                           Annotations* annotations, bool* meaningful) {
  *meaningful = true;
  const bool trim = op == BinaryOp::kTrimUpper || op == BinaryOp::kTrimLower;
  if (!a.is_histogram() && !b.is_histogram() && !trim) return OperateFloats(op, a.value, b.value);
  if (a.is_histogram() && b.is_histogram()) {
    if (op == BinaryOp::kAdd || op == BinaryOp::kSub) {
      return AddHistograms(op, **a.histogram, **b.histogram, position, annotations);
    }
    if (op == BinaryOp::kEqual || op == BinaryOp::kNotEqual) {
      const bool equal = query::SameContent(**a.histogram, **b.histogram);
      return {.defined = true,
              .keep = equal == (op == BinaryOp::kEqual),
              .value = 0,
              .histogram = *a.histogram};
    }
  } else if (a.is_histogram() || b.is_histogram()) {
    const Operand& histogram = a.is_histogram() ? a : b;
    const double number = a.is_histogram() ? b.value : a.value;
    if (op == BinaryOp::kMul || (op == BinaryOp::kDiv && a.is_histogram())) {
      FloatHistogram scaled = **histogram.histogram;
      if (op == BinaryOp::kMul) {
        query::Multiply(number, &scaled);
      } else {
        query::Divide(number, &scaled);
      }
      return Keep(std::move(scaled));
    }
    if (trim && a.is_histogram()) {
      const query::TrimSide side =
          op == BinaryOp::kTrimUpper ? query::TrimSide::kAbove : query::TrimSide::kBelow;
      return Keep(query::Trim(**a.histogram, b.value, side));
    }
  }
  *meaningful = false;
  return {};
}

}  // namespace

double FloatOperation(BinaryOp op, double a, double b) {
  switch (op) {
    case BinaryOp::kAdd:
      return a + b;
    case BinaryOp::kSub:
      return a - b;
    case BinaryOp::kMul:
      return a * b;
    case BinaryOp::kDiv:
      return a / b;
    case BinaryOp::kMod:
      return query::GoMod(a, b);
    case BinaryOp::kPow:
      return std::pow(a, b);
    case BinaryOp::kAtan2:
      return std::atan2(a, b);
    default:
      return FloatComparison(op, a, b) ? 1 : 0;
  }
}

bool FloatComparison(BinaryOp op, double a, double b) {
  switch (op) {
    case BinaryOp::kEqual:
      return a == b;
    case BinaryOp::kNotEqual:
      return a != b;
    case BinaryOp::kLess:
      return a < b;
    case BinaryOp::kLessOrEqual:
      return a <= b;
    case BinaryOp::kGreater:
      return a > b;
    case BinaryOp::kGreaterOrEqual:
      return a >= b;
    default:
      return false;
  }
}

OperationResult Operate(BinaryOp op, const Operand& a, const Operand& b, PositionRange position,
                        Annotations* annotations) {
  bool meaningful = true;
  OperationResult result = TryOperate(op, a, b, position, annotations, &meaningful);
  if (!meaningful) {
    annotations->Inform(IncompatibleTypesText(KindOf(a), OperatorText(op), KindOf(b)), position);
  }
  return result;
}

}  // namespace tidegate::promql
