// Which expressions have the same value at every step.
#ifndef TIDEGATE_QUERY_PROMQL_EXEC_STEP_INVARIANCE_H_
#define TIDEGATE_QUERY_PROMQL_EXEC_STEP_INVARIANCE_H_

#include "absl/container/flat_hash_set.h"
#include "query/promql/syntax/ast.h"

namespace tidegate::promql {

// Computed once per query: literals, selectors fixed by `@`, and what is made of them alone by
// functions that do not look at the evaluation time. Such expressions are evaluated once and
// repeated. Immutable.
class StepInvariance {
 public:
  explicit StepInvariance(const Expr& root) { Visit(root); }

  bool Holds(const Expr& expr) const { return invariant_.contains(&expr); }

 private:
  bool Visit(const Expr& expr);
  bool VisitChildren(const Expr& expr);

  absl::flat_hash_set<const Expr*> invariant_;
};

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_EXEC_STEP_INVARIANCE_H_
