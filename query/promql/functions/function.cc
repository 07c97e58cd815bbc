#include "query/promql/functions/function.h"

namespace tidegate::promql {

const Expr& WithoutParens(const Expr& expr) {
  const Expr* inner = &expr;
  while (const auto* paren = If<ParenExpr>(inner)) inner = paren->expr.get();
  return *inner;
}

PositionRange InstantCall::ArgPosition(size_t i) const {
  return WithoutParens(*node.args[i]).position;
}

}  // namespace tidegate::promql
