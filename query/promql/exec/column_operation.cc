#include "query/promql/exec/column_operation.h"

#include <utility>

#include "query/promql/exec/element_operation.h"

namespace tidegate::promql {
namespace {

template <typename Op>
void Loop(std::span<const double> a, std::span<const double> b, std::span<double> out, Op op) {
  const double* x = a.data();
  const double* y = b.data();
  double* z = out.data();
  for (size_t i = 0; i < out.size(); ++i) z[i] = op(x[i], y[i]);
}

Operand OperandAt(const StepSeries& series, size_t step) {
  if (series.kinds[step] == SampleKind::kHistogram) return {0, &series.histograms[step]};
  return {series.values[step], nullptr};
}

}  // namespace

void OperateOnFloats(BinaryOp op, std::span<const double> a, std::span<const double> b,
                     std::span<double> out) {
  switch (op) {
    case BinaryOp::kAdd:
      return Loop(a, b, out, [](double x, double y) { return x + y; });
    case BinaryOp::kSub:
      return Loop(a, b, out, [](double x, double y) { return x - y; });
    case BinaryOp::kMul:
      return Loop(a, b, out, [](double x, double y) { return x * y; });
    case BinaryOp::kDiv:
      return Loop(a, b, out, [](double x, double y) { return x / y; });
    case BinaryOp::kEqual:
      return Loop(a, b, out, [](double x, double y) { return x == y ? 1.0 : 0.0; });
    case BinaryOp::kNotEqual:
      return Loop(a, b, out, [](double x, double y) { return x != y ? 1.0 : 0.0; });
    case BinaryOp::kLess:
      return Loop(a, b, out, [](double x, double y) { return x < y ? 1.0 : 0.0; });
    case BinaryOp::kLessOrEqual:
      return Loop(a, b, out, [](double x, double y) { return x <= y ? 1.0 : 0.0; });
    case BinaryOp::kGreater:
      return Loop(a, b, out, [](double x, double y) { return x > y ? 1.0 : 0.0; });
    case BinaryOp::kGreaterOrEqual:
      return Loop(a, b, out, [](double x, double y) { return x >= y ? 1.0 : 0.0; });
    default:
      return Loop(a, b, out, [op](double x, double y) { return FloatOperation(op, x, y); });
  }
}

void OperateOnStep(const OperationRules& rules, const StepSeries& a, const StepSeries& b,
                   const StepSeries& kept, size_t step, StepSeries* out) {
  OperationResult result =
      Operate(rules.op, OperandAt(a, step), OperandAt(b, step), rules.position, rules.annotations);
  if (!result.defined) return;
  if (rules.return_bool) {
    out->SetFloat(step, result.keep ? 1 : 0);
  } else if (IsComparison(rules.op)) {
    if (result.keep) out->CopyStep(kept, step);
  } else if (result.histogram != nullptr) {
    out->SetHistogram(step, std::move(result.histogram));
  } else {
    out->SetFloat(step, result.value);
  }
}

}  // namespace tidegate::promql
