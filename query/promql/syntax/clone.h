// Deep copies of trees.
#ifndef TIDEGATE_QUERY_PROMQL_SYNTAX_CLONE_H_
#define TIDEGATE_QUERY_PROMQL_SYNTAX_CLONE_H_

#include <memory>

#include "query/promql/syntax/ast.h"

namespace tidegate::promql {

// A copy that shares nothing with `expr`, to be changed before it is shared.
ExprPtr Clone(const Expr& expr);
std::unique_ptr<VectorSelector> CloneSelector(const VectorSelector& selector);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_SYNTAX_CLONE_H_
