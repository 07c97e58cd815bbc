#include "query/promql/syntax/clone.h"

namespace tidegate::promql {
namespace {

ExprPtr CloneOrNull(const ExprPtr& expr) { return expr != nullptr ? Clone(*expr) : nullptr; }

// A new node of the kind and with what every node has.
template <typename Node>
std::unique_ptr<Node> NewLike(const Node& original) {
  auto node = std::make_unique<Node>();
  node->position = original.position;
  node->height = original.height;
  return node;
}

std::unique_ptr<DurationExpr> CloneDuration(const DurationExpr& original) {
  std::unique_ptr<DurationExpr> node = NewLike(original);
  node->op = original.op;
  node->lhs = CloneOrNull(original.lhs);
  node->rhs = CloneOrNull(original.rhs);
  node->wrapped = original.wrapped;
  return node;
}

DurationSpec CloneSpec(const DurationSpec& original) {
  DurationSpec spec;
  spec.ms = original.ms;
  if (original.expr != nullptr) spec.expr = CloneDuration(*original.expr);
  return spec;
}

TimeModifiers CloneTime(const TimeModifiers& original) {
  TimeModifiers time;
  time.offset = CloneSpec(original.offset);
  time.timestamp_ms = original.timestamp_ms;
  time.anchor = original.anchor;
  return time;
}

ExprPtr CloneNode(const NumberLiteral& original) {
  std::unique_ptr<NumberLiteral> node = NewLike(original);
  node->value = original.value;
  node->written_as_duration = original.written_as_duration;
  return node;
}

ExprPtr CloneNode(const StringLiteral& original) {
  std::unique_ptr<StringLiteral> node = NewLike(original);
  node->value = original.value;
  return node;
}

ExprPtr CloneNode(const MatrixSelector& original) {
  std::unique_ptr<MatrixSelector> node = NewLike(original);
  node->selector = CloneSelector(*original.selector);
  node->range = CloneSpec(original.range);
  return node;
}

ExprPtr CloneNode(const SubqueryExpr& original) {
  std::unique_ptr<SubqueryExpr> node = NewLike(original);
  node->expr = Clone(*original.expr);
  node->range = CloneSpec(original.range);
  node->step = CloneSpec(original.step);
  node->time = CloneTime(original.time);
  return node;
}

ExprPtr CloneNode(const Call& original) {
  std::unique_ptr<Call> node = NewLike(original);
  node->function = original.function;
  node->args.reserve(original.args.size());
  for (const ExprPtr& arg : original.args) node->args.push_back(Clone(*arg));
  return node;
}

ExprPtr CloneNode(const AggregateExpr& original) {
  std::unique_ptr<AggregateExpr> node = NewLike(original);
  node->op = original.op;
  node->expr = Clone(*original.expr);
  node->param = CloneOrNull(original.param);
  node->grouping = original.grouping;
  node->without = original.without;
  return node;
}

ExprPtr CloneNode(const BinaryExpr& original) {
  std::unique_ptr<BinaryExpr> node = NewLike(original);
  node->op = original.op;
  node->lhs = Clone(*original.lhs);
  node->rhs = Clone(*original.rhs);
  node->matching = original.matching;
  node->return_bool = original.return_bool;
  return node;
}

ExprPtr CloneNode(const UnaryExpr& original) {
  std::unique_ptr<UnaryExpr> node = NewLike(original);
  node->negate = original.negate;
  node->expr = Clone(*original.expr);
  return node;
}

ExprPtr CloneNode(const ParenExpr& original) {
  std::unique_ptr<ParenExpr> node = NewLike(original);
  node->expr = Clone(*original.expr);
  return node;
}

}  // namespace

std::unique_ptr<VectorSelector> CloneSelector(const VectorSelector& selector) {
  std::unique_ptr<VectorSelector> node = NewLike(selector);
  node->name = selector.name;
  node->matchers = selector.matchers;
  node->time = CloneTime(selector.time);
  node->anchored = selector.anchored;
  node->smoothed = selector.smoothed;
  return node;
}

ExprPtr Clone(const Expr& expr) {
  switch (expr.kind()) {
    case NodeKind::kNumberLiteral:
      return CloneNode(As<NumberLiteral>(expr));
    case NodeKind::kStringLiteral:
      return CloneNode(As<StringLiteral>(expr));
    case NodeKind::kVectorSelector:
      return CloneSelector(As<VectorSelector>(expr));
    case NodeKind::kMatrixSelector:
      return CloneNode(As<MatrixSelector>(expr));
    case NodeKind::kSubquery:
      return CloneNode(As<SubqueryExpr>(expr));
    case NodeKind::kCall:
      return CloneNode(As<Call>(expr));
    case NodeKind::kAggregate:
      return CloneNode(As<AggregateExpr>(expr));
    case NodeKind::kBinary:
      return CloneNode(As<BinaryExpr>(expr));
    case NodeKind::kUnary:
      return CloneNode(As<UnaryExpr>(expr));
    case NodeKind::kParen:
      return CloneNode(As<ParenExpr>(expr));
    case NodeKind::kDuration:
      return CloneDuration(As<DurationExpr>(expr));
  }
  return nullptr;
}

}  // namespace tidegate::promql
