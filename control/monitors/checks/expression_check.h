// Checks of expressions and of PromQL queries.
#ifndef TIDEGATE_CONTROL_MONITORS_CHECKS_EXPRESSION_CHECK_H_
#define TIDEGATE_CONTROL_MONITORS_CHECKS_EXPRESSION_CHECK_H_

#include "control/monitors/checks/check_scene.h"

namespace tidegate::control {

// Series of a query monitor; more are an error.
inline constexpr size_t kMaxQuerySeries = 1000;

// At most one result: the newest value of the expression within kFreshFor. Values of hosts are
// taken by minute; a series whose newest value is one or two minutes behind stands in with it, so
// that an average does not depend on who has posted first. FailedPrecondition when there are
// several series.
absl::StatusOr<CheckResults> CheckExpression(const CheckScene& scene, const ExpressionCheck& check);

// One result per series; its target are the series' labels.
absl::StatusOr<CheckResults> CheckQuery(const CheckScene& scene, const QueryCheck& check);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_CHECKS_EXPRESSION_CHECK_H_
