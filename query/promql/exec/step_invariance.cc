#include "query/promql/exec/step_invariance.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "query/promql/syntax/walk.h"

namespace tidegate::promql {
namespace {

bool IsFixed(const TimeModifiers& time) {
  return time.timestamp_ms.has_value() || time.anchor != AtAnchor::kNone;
}

// These look at the evaluation time, or at timestamps that depend on it.
bool LooksAtTime(std::string_view function) {
  constexpr std::string_view kFunctions[] = {
      "day_of_month", "day_of_week", "day_of_year", "days_in_month",  "hour",
      "info",         "minute",      "month",       "predict_linear", "start_timestamp",
      "time",         "timestamp",   "year",
  };
  return std::find(std::begin(kFunctions), std::end(kFunctions), function) != std::end(kFunctions);
}

}  // namespace

bool StepInvariance::VisitChildren(const Expr& expr) {
  bool all = true;
  ForEachChild(expr, [&](const Expr& child) { all = Visit(child) && all; });
  return all;
}

bool StepInvariance::Visit(const Expr& expr) {
  bool invariant = VisitChildren(expr);
  switch (expr.kind()) {
    case NodeKind::kVectorSelector:
      invariant = IsFixed(As<VectorSelector>(expr).time);
      break;
    case NodeKind::kSubquery:
      invariant = IsFixed(As<SubqueryExpr>(expr).time);
      break;
    case NodeKind::kCall:
      invariant = invariant && !LooksAtTime(As<Call>(expr).function->name);
      break;
    default:
      break;
  }
  if (invariant) invariant_.insert(&expr);
  return invariant;
}

}  // namespace tidegate::promql
