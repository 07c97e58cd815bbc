#include "query/promql/exec/query_context.h"

namespace tidegate::promql {

query::StepGrid SubqueryGrid(const SubqueryExpr& subquery, const query::StepGrid& outer,
                             const QueryContext& context) {
  const std::optional<model::TimestampMs> at = context.At(subquery.time);
  const int64_t step = subquery.step.ms != 0 ? subquery.step.ms : context.default_subquery_step_ms;
  const int64_t last = outer.at(outer.size() == 0 ? 0 : outer.size() - 1);
  const int64_t before = at.value_or(outer.start) - subquery.time.offset.ms - subquery.range.ms;
  // Division truncates towards zero, as in Prometheus: the result may lie at or before `before`.
  int64_t start = step * (before / step);
  if (start <= before) start += step;
  return {.start = start, .end = at.value_or(last) - subquery.time.offset.ms, .step = step};
}

}  // namespace tidegate::promql
