#include "query/promql/exec/evaluator.h"

#include <cstdint>
#include <utility>

#include "query/promql/exec/aggregate.h"
#include "query/promql/exec/binary.h"
#include "query/promql/exec/call.h"
#include "query/promql/exec/instant_selector.h"
#include "query/promql/exec/step_invariance.h"
#include "query/promql/exec/step_samples.h"
#include "query/promql/exec/unary.h"
#include "query/promql/functions/function.h"

namespace tidegate::promql {
namespace {

// Beyond this not even one column is reasonable, whatever the budget says.
constexpr size_t kMaxSteps = size_t{1} << 28;

absl::StatusOr<Value> Dispatch(const Expr& expr, const StepGrid& grid, QueryContext& context) {
  switch (expr.kind()) {
    case NodeKind::kNumberLiteral:
      return Value(ScalarColumn(grid.size(), As<NumberLiteral>(expr).value));
    case NodeKind::kStringLiteral:
      return Value(As<StringLiteral>(expr).value);
    case NodeKind::kVectorSelector:
      return EvaluateSelector(As<VectorSelector>(expr), grid, context);
    case NodeKind::kCall:
      return EvaluateCall(As<Call>(expr), grid, context);
    case NodeKind::kAggregate:
      return EvaluateAggregate(As<AggregateExpr>(expr), grid, context);
    case NodeKind::kBinary:
      return EvaluateBinary(As<BinaryExpr>(expr), grid, context);
    case NodeKind::kUnary:
      return EvaluateUnary(As<UnaryExpr>(expr), grid, context);
    case NodeKind::kParen:
    case NodeKind::kMatrixSelector:
    case NodeKind::kSubquery:
    case NodeKind::kDuration:
      break;
  }
  return absl::InternalError("a range vector or a duration cannot be evaluated by itself");
}

uint64_t ColumnBytes(size_t steps) { return steps * (sizeof(double) + sizeof(SampleKind)); }

uint64_t BytesOf(const Value& value) {
  if (const auto* scalar = std::get_if<ScalarColumn>(&value)) {
    return scalar->size() * sizeof(double);
  }
  uint64_t bytes = 0;
  if (const auto* vector = std::get_if<StepVector>(&value)) {
    for (const StepSeries& series : *vector) bytes += series.bytes();
  }
  return bytes;
}

// Evaluates the first step only and repeats its value.
absl::StatusOr<Value> EvaluateOnce(const Expr& expr, const StepGrid& grid, QueryContext& context) {
  StepSamples once(1);
  StepSamples* const counted = context.samples;
  if (counted != nullptr) context.samples = &once;
  absl::StatusOr<Value> value = Dispatch(expr, StepGrid::Instant(grid.start), context);
  context.samples = counted;
  if (counted != nullptr) counted->AddToAll(once);
  if (!value.ok()) return value;
  if (auto* vector = std::get_if<StepVector>(&*value)) {
    absl::Status status = context.budget.Hold(vector->size() * ColumnBytes(grid.size()));
    if (!status.ok()) return status;
    query::Broadcast(grid.size(), vector);
  } else if (auto* scalar = std::get_if<ScalarColumn>(&*value)) {
    scalar->resize(grid.size(), scalar->front());
  }
  return value;
}

}  // namespace

absl::StatusOr<Value> Evaluate(const Expr& expr, const StepGrid& grid, QueryContext& context) {
  const Expr& inner = WithoutParens(expr);
  if (context.pacer != nullptr) context.pacer->Pass();
  absl::Status status = context.request.Check();
  if (!status.ok()) return status;
  if (grid.size() == 0) {
    // A subquery whose range lies between two of its steps.
    if (inner.type() == ValueType::kScalar) return Value(ScalarColumn());
    return Value(StepVector());
  }
  // Of all that is held below, the value alone remains.
  const uint64_t held = context.budget.held_bytes();
  status = grid.size() <= kMaxSteps ? context.budget.Hold(ColumnBytes(grid.size()))
                                    : query::TooManySamples();
  if (!status.ok()) return status;
  const bool once = grid.size() > 1 && context.invariance->Holds(inner);
  absl::StatusOr<Value> value =
      once ? EvaluateOnce(inner, grid, context) : Dispatch(inner, grid, context);
  if (!value.ok()) return value;
  context.budget.ReleaseDownTo(held);
  status = context.budget.Hold(BytesOf(*value));
  if (!status.ok()) return status;
  return value;
}

absl::StatusOr<StepVector> EvaluateVector(const Expr& expr, const StepGrid& grid,
                                          QueryContext& context) {
  absl::StatusOr<Value> value = Evaluate(expr, grid, context);
  if (!value.ok()) return value.status();
  return std::get<StepVector>(*std::move(value));
}

absl::StatusOr<ScalarColumn> EvaluateScalar(const Expr& expr, const StepGrid& grid,
                                            QueryContext& context) {
  absl::StatusOr<Value> value = Evaluate(expr, grid, context);
  if (!value.ok()) return value.status();
  return std::get<ScalarColumn>(*std::move(value));
}

}  // namespace tidegate::promql
