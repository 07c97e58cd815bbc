// The children of a node, whatever its kind.
#ifndef TIDEGATE_QUERY_PROMQL_SYNTAX_WALK_H_
#define TIDEGATE_QUERY_PROMQL_SYNTAX_WALK_H_

#include "query/promql/syntax/ast.h"

namespace tidegate::promql {

// Calls `visit(child)` for every child, in the order of the text (the parameter of an aggregation
// first). Expression is Expr or const Expr. Parts of durations are not children: they hold no
// selectors and are evaluated apart.
template <typename Expression, typename Visit>
void ForEachChild(Expression& expr, Visit&& visit) {
  switch (expr.kind()) {
    case NodeKind::kMatrixSelector:
      visit(static_cast<Expression&>(*As<MatrixSelector>(expr).selector));
      break;
    case NodeKind::kSubquery:
      visit(static_cast<Expression&>(*As<SubqueryExpr>(expr).expr));
      break;
    case NodeKind::kCall:
      for (const ExprPtr& arg : As<Call>(expr).args) visit(static_cast<Expression&>(*arg));
      break;
    case NodeKind::kAggregate:
      if (const ExprPtr& param = As<AggregateExpr>(expr).param; param != nullptr) {
        visit(static_cast<Expression&>(*param));
      }
      visit(static_cast<Expression&>(*As<AggregateExpr>(expr).expr));
      break;
    case NodeKind::kBinary:
      visit(static_cast<Expression&>(*As<BinaryExpr>(expr).lhs));
      visit(static_cast<Expression&>(*As<BinaryExpr>(expr).rhs));
      break;
    case NodeKind::kUnary:
      visit(static_cast<Expression&>(*As<UnaryExpr>(expr).expr));
      break;
    case NodeKind::kParen:
      visit(static_cast<Expression&>(*As<ParenExpr>(expr).expr));
      break;
    case NodeKind::kNumberLiteral:
    case NodeKind::kStringLiteral:
    case NodeKind::kVectorSelector:
    case NodeKind::kDuration:
      break;
  }
}

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_SYNTAX_WALK_H_
