#include "query/promql/exec/binary.h"

#include <span>
#include <utility>
#include <vector>

#include "query/promql/exec/column_operation.h"
#include "query/promql/exec/evaluator.h"

namespace tidegate::promql {
namespace {

bool IsTrim(BinaryOp op) { return op == BinaryOp::kTrimUpper || op == BinaryOp::kTrimLower; }

// A scalar as a series, so that samples of either kind can meet it.
StepSeries AsSeries(const ScalarColumn& scalar) {
  StepSeries series(model::Labels(), scalar.size());
  series.values = scalar;
  series.kinds.assign(scalar.size(), SampleKind::kFloat);
  return series;
}

// Floats only: one loop over the column, then the steps that a comparison filters out are cleared.
void CombineFloats(const BinaryExpr& expr, const ScalarColumn& scalar, bool scalar_left,
                   StepSeries* series) {
  std::vector<double> result(series->steps());
  const std::span<const double> vector = series->values;
  if (scalar_left) {
    OperateOnFloats(expr.op, scalar, vector, result);
  } else {
    OperateOnFloats(expr.op, vector, scalar, result);
  }
  if (IsComparison(expr.op) && !expr.return_bool) {
    for (size_t i = 0; i < result.size(); ++i) {
      if (result[i] == 0) series->ClearStep(i);
    }
  } else {
    series->values = std::move(result);
  }
}

StepVector CombineWithScalar(const BinaryExpr& expr, StepVector vector, const ScalarColumn& scalar,
                             bool scalar_left, Annotations* annotations) {
  const OperationRules rules{expr.op, expr.return_bool, expr.position, annotations};
  const StepSeries other = AsSeries(scalar);
  const bool drop_name = ChangesMeaning(expr.op) || expr.return_bool;
  for (StepSeries& series : vector) {
    series.drop_name = series.drop_name || drop_name;
    if (series.histograms.empty() && !IsTrim(expr.op)) {
      CombineFloats(expr, scalar, scalar_left, &series);
      continue;
    }
    StepSeries out(std::move(series.labels), series.steps());
    out.drop_name = series.drop_name;
    for (size_t i = 0; i < series.steps(); ++i) {
      if (!series.has(i)) continue;
      // A comparison shows the element of the vector, on whichever side it stands.
      if (scalar_left) {
        OperateOnStep(rules, other, series, series, i, &out);
      } else {
        OperateOnStep(rules, series, other, series, i, &out);
      }
    }
    series = std::move(out);
  }
  return vector;
}

}  // namespace

bool ChangesMeaning(BinaryOp op) {
  switch (op) {
    case BinaryOp::kAdd:
    case BinaryOp::kSub:
    case BinaryOp::kMul:
    case BinaryOp::kDiv:
    case BinaryOp::kMod:
    case BinaryOp::kPow:
    case BinaryOp::kAtan2:
      return true;
    default:
      return false;
  }
}

absl::StatusOr<Value> EvaluateBinary(const BinaryExpr& expr, const StepGrid& grid,
                                     QueryContext& context) {
  absl::StatusOr<Value> lhs = Evaluate(*expr.lhs, grid, context);
  if (!lhs.ok()) return lhs;
  absl::StatusOr<Value> rhs = Evaluate(*expr.rhs, grid, context);
  if (!rhs.ok()) return rhs;
  auto* left_scalar = std::get_if<ScalarColumn>(&*lhs);
  auto* right_scalar = std::get_if<ScalarColumn>(&*rhs);
  if (left_scalar != nullptr && right_scalar != nullptr) {
    OperateOnFloats(expr.op, *left_scalar, *right_scalar, *left_scalar);
    return lhs;
  }
  absl::StatusOr<StepVector> result;
  if (left_scalar != nullptr) {
    result = CombineWithScalar(expr, std::get<StepVector>(*std::move(rhs)), *left_scalar, true,
                               &context.annotations);
  } else if (right_scalar != nullptr) {
    result = CombineWithScalar(expr, std::get<StepVector>(*std::move(lhs)), *right_scalar, false,
                               &context.annotations);
  } else if (IsSetOperator(expr.op)) {
    result = CombineSets(expr, std::get<StepVector>(*std::move(lhs)),
                         std::get<StepVector>(*std::move(rhs)), grid);
  } else {
    result = CombineVectors(expr, std::get<StepVector>(*std::move(lhs)),
                            std::get<StepVector>(*std::move(rhs)), grid, &context.annotations);
  }
  if (!result.ok()) return result.status();
  query::DropEmptySeries(&*result);
  return Value(*std::move(result));
}

}  // namespace tidegate::promql
